import { z } from 'zod';

/** Names that Windows keeps for devices: a file or folder cannot bear them on every system that Loam runs on. */
const deviceNames = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/**
 * What a person may call a project, dataset, tokenizer, run or model. A name is also a folder on disk on every system, and
 * `RUN@step` names a checkpoint: so letters of every script with their marks, digits, dot, dash, underscore and single
 * blanks, beginning with a letter or digit. It is kept as `normalizedName` has it.
 */
export const artefactNameSchema = z
  .string()
  .normalize('NFC')
  .max(80, 'A name has at most 80 characters.')
  .regex(
    /^[\p{L}\p{N}](?: ?[\p{L}\p{N}\p{M}._-])*$/u,
    'A name begins with a letter or digit and has only letters, digits, dots, dashes, underscores and single blanks between them.',
  )
  .refine(
    (name) => !deviceNames.test(name) && !name.endsWith('.'),
    'Windows cannot store a folder of this name.',
  );

/** A name in the form in which it is kept and looked up: a letter and its mark are the same as the letter with the mark (NFC). */
export function normalizedName(name: string): string {
  return name.normalize('NFC');
}

/** Leaves room in a name for a number behind it. */
const longestMadeName = 60;

/** A name that an artefact can bear, made of a file's or folder's; `otherwise` where nothing of it is left. */
export function nameFrom(text: string, otherwise: string): string {
  const cleaned = normalizedName(text)
    .replaceAll(/[^\p{L}\p{N}\p{M}._-]+/gu, '-')
    .slice(0, longestMadeName)
    .replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, '');
  return artefactNameSchema.safeParse(cleaned).success ? cleaned : otherwise;
}

/** The first of "name", "name-2", "name-3", … that is not taken. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
  return name;
}

/** SHA-256 in hexadecimal. */
export const contentHashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** A moment, as ISO 8601 in UTC. */
export const momentSchema = z.iso.datetime();
