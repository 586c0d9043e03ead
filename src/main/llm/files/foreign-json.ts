import { textFileLimits } from '../../../shared/models/limits.ts';

/** What is wrong with a JSON text, as the end of a sentence that begins with its name. */
export class ForeignJsonError extends Error {
  override readonly name = 'ForeignJsonError';
}

/**
 * Parses JSON that somebody else may have written. Lists and objects within one another are counted, since whoever walks
 * through a value by recursion fails on a hundred thousand of them.
 * @throws ForeignJsonError when it is no JSON or nested too deeply
 */
export function parseForeignJson(text: string, mostDepth: number = textFileLimits.jsonDepth): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ForeignJsonError(
      `is not valid JSON (${error instanceof Error ? error.message.slice(0, 200) : String(error)})`,
      { cause: error },
    );
  }
  let level: object[] = isObject(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > mostDepth)
      throw new ForeignJsonError(`is nested more than ${mostDepth} levels deep, which no such file is`);
    const next: object[] = [];
    for (const parent of level)
      for (const child of Array.isArray(parent) ? (parent as readonly unknown[]) : Object.values(parent))
        if (isObject(child)) next.push(child);
    level = next;
  }
  return value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
