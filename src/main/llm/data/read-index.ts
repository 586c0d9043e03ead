import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { fileError } from '../files/file-errors.ts';
import { findFileFault, readManifest } from '../files/manifest.ts';
import { damaged } from './token-sequence.ts';

/** The index of a folder of encoded texts, as JSON with a version. */
export interface IndexForm<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** The newest that is read. */
  readonly version: number;
  /** What the folder holds, many of them: "tokens". */
  readonly holds: string;
  /** What contradicts itself in an index; undefined where nothing does. */
  readonly contradiction?: (index: z.output<Schema>) => string | undefined;
}

/**
 * Reads and checks `index.json` alone, also against the folder's manifest where it has one.
 * @throws LoamError when it is missing, damaged, of a newer version or foreign
 */
export async function readIndex<Schema extends z.ZodType>(
  folder: string,
  { schema, version, holds, contradiction }: IndexForm<Schema>,
): Promise<z.output<Schema>> {
  const file = path.join(folder, 'index.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, file);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged(file, 'The index is not JSON.');
  }
  const written = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (typeof written === 'number' && written > version)
    throw new LoamError({
      kind: 'input',
      what: `These ${holds} were written by a newer Loam (format ${written}; this one reads ${version}).`,
      where: file,
      remedy: `Update Loam, or delete this folder of ${holds}: they are made again from the sources.`,
    });
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw damaged(file, `The index is not valid: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
  }
  const wrong = contradiction?.(parsed.data);
  if (wrong !== undefined) throw damaged(file, wrong);
  const manifest = await readManifest(folder);
  const expected = manifest?.get('index.json');
  // A list that is there and does not name the index is damaged itself.
  if (manifest !== undefined && expected === undefined) throw damaged(file, 'The list of hashes lacks it.');
  if (expected !== undefined && (await findFileFault(folder, 'index.json', expected)) !== undefined)
    throw damaged(file, 'It does not match its hash (SHA-256).');
  return parsed.data;
}
