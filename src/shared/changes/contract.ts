import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../rpc.ts';

/** The nouns whose lists a page may show. */
export const changingNouns = [
  'datasets',
  'tokenizers',
  'runs',
  'checkpoints',
  'evaluations',
  'exports',
  'chats',
  'jobs',
  'integrity',
] as const;
export type ChangingNoun = (typeof changingNouns)[number];

/**
 * Says that something is new, never what: a page fetches what it lacks. One that slept gets a single message for all
 * that it missed.
 */
export const changeSchema = z.strictObject({
  /** What changed since the message before; in the first message everything that there is. */
  nouns: z.array(z.enum(changingNouns)),
  /** The runs whose record grew, with the sequence number of its last entry. */
  runs: z.array(z.strictObject({ name: z.string(), upTo: z.int().nonnegative() })),
});
export type Change = z.output<typeof changeSchema>;

export const changesContract = {
  /** Follows a project for as long as the page is open, whichever process changes it. */
  watch: procedure.output(eventIterator(changeSchema)),
};
