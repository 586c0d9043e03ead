import { z } from 'zod';

/** Names that Windows keeps for devices: a file or folder cannot bear them on every system that Loam runs on. */
const deviceNames = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/**
 * What a person may call a dataset, tokenizer or run. A name is also a folder on disk on every system, and `RUN@step`
 * names a checkpoint: so letters, digits, dot, dash and underscore, beginning with a letter or digit.
 */
export const artefactNameSchema = z
  .string()
  .max(80, 'A name has at most 80 characters.')
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u,
    'A name begins with a letter or digit and has only letters, digits, dots, dashes and underscores.',
  )
  .refine(
    (name) => !deviceNames.test(name) && !name.endsWith('.'),
    'Windows cannot store a folder of this name.',
  );

/** SHA-256 in hexadecimal. */
export const contentHashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** A moment, as ISO 8601 in UTC. */
export const momentSchema = z.iso.datetime();
