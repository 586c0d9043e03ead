import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import { plainIssue } from '../../../shared/plain-issue.ts';
import { settingsSchema, type Settings } from '../../../shared/settings/settings.ts';
import { writeJsonAtomically } from '../../llm/files/atomic-file.ts';
import { makeFolder } from '../../llm/files/make-folder.ts';
import { userFolder } from './user-folder.ts';

const settingsFile = () => join(userFolder(), 'settings.json');

/** This person's settings; the defaults where there is no file yet. */
export async function readSettings(): Promise<Settings> {
  const text = await readFile(settingsFile(), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return settingsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new LoamError(
      {
        kind: 'input',
        where: settingsFile(),
        what: 'The settings cannot be read.',
        remedy: 'Mend the file, or delete it to return to the defaults.',
      },
      { cause: error },
    );
  }
}

/**
 * Changes settings and keeps the others.
 * @throws LoamError that names an unknown key or a value out of range.
 */
export async function changeSettings(changes: Readonly<Record<string, unknown>>): Promise<Settings> {
  const known = Object.keys(settingsSchema.shape);
  const unknown = Object.keys(changes).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const nearest = nearestWord(unknown, known);
    throw new LoamError({
      kind: 'misuse',
      where: unknown,
      what: 'There is no such setting.',
      remedy: nearest === undefined ? `There are: ${known.join(', ')}.` : `Did you mean ${nearest}?`,
    });
  }
  const parsed = settingsSchema.safeParse({ ...(await readSettings()), ...changes }, { error: plainIssue });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new LoamError({
      kind: 'misuse',
      where: issue?.path.join('.') ?? 'settings',
      what: issue?.message ?? 'The value does not fit.',
      remedy: 'Give a value that fits.',
      action: { do: 'listSettings' },
    });
  }
  await makeFolder(userFolder());
  await writeJsonAtomically(settingsFile(), parsed.data);
  return parsed.data;
}
