import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LoamError } from '../../src/shared/errors.ts';

const shared = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

/**
 * The text files that a benchmark reads: those given by --text, else those of the data folder beside the project.
 * @throws LoamError when a given file is missing, or none is given and none is there
 */
export function findTexts(given: readonly string[], usual: readonly string[]): readonly string[] {
  const missing = given.find((file) => !existsSync(file));
  if (missing !== undefined) {
    throw new LoamError({
      kind: 'input',
      what: 'There is no such file.',
      where: missing,
      remedy: 'Name a text file with --text.',
    });
  }
  if (given.length > 0) return given;
  const found = usual.map((name) => join(shared, name)).filter((file) => existsSync(file));
  if (found.length > 0) return found;
  throw new LoamError({
    kind: 'misuse',
    what: 'This benchmark needs a text, and the data folder beside the project is not there.',
    remedy: 'Name a text file with --text; for the character-level one the usual tinyshakespeare.txt.',
  });
}
