import { LoamError } from '../../shared/errors.ts';
import { artefactNameSchema } from '../../shared/names.ts';
import { nearestWord } from '../../shared/nearest-word.ts';

/** The nouns that a person names. */
export type NamedNoun = 'project' | 'dataset' | 'tokenizer' | 'run' | 'model';

/**
 * @returns the name as it is kept.
 * @throws LoamError when a name cannot be a folder on every system, or would be taken for a checkpoint.
 */
export function requireValidName(noun: NamedNoun, name: string): string {
  const parsed = artefactNameSchema.safeParse(name);
  if (!parsed.success)
    throw new LoamError({
      kind: 'misuse',
      where: `${noun} '${name}'`,
      what: parsed.error.issues[0]?.message ?? 'The name cannot be used.',
      remedy: 'Choose another name, such as reports-2024.',
    });
  return parsed.data;
}

/** The error for a name that is not there, with the nearest one that is. */
export function unknownName(noun: NamedNoun, name: string, existing: readonly string[]): LoamError {
  const nearest = nearestWord(name, existing);
  const known =
    existing.length === 0
      ? `This project has no ${noun} yet.`
      : `There are: ${existing.slice(0, 20).join(', ')}${existing.length > 20 ? ', …' : ''}.`;
  return new LoamError({
    kind: 'misuse',
    where: `${noun} '${name}'`,
    what: `There is no such ${noun} in this project.`,
    remedy: nearest === undefined ? known : `Did you mean ${nearest}? ${known}`,
  });
}

/** The first of "base-1", "base-2", … that is not taken. */
export function numberedName(base: string, taken: readonly string[]): string {
  for (let count = 1; ; count++) if (!taken.includes(`${base}-${count}`)) return `${base}-${count}`;
}
