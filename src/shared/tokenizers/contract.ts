import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { tokenizerConfigurationSchema } from '../runs/configuration.ts';
import { encodedTextSchema, tokenizerComparisonSchema, vocabularySchema } from './encoding.ts';
import { tokenizerDetailsSchema, importedTokenizerSchema } from './tokenizer.ts';

const reference = z.strictObject({ name: z.string() });

export const tokenizersContract = {
  list: procedure.output(z.array(tokenizerDetailsSchema)),
  show: procedure.input(reference).output(tokenizerDetailsSchema),
  /** Learns a tokenizer from a dataset, as a job. */
  train: procedure
    .input(
      z.strictObject({
        name: z.string(),
        dataset: z.string(),
        configuration: tokenizerConfigurationSchema,
      }),
    )
    .output(z.strictObject({ job: z.int().positive() })),
  /** Takes over a tokenizer made elsewhere: a tokenizer.json, or GPT-2's vocab.json and merges.txt. */
  import: procedure
    .input(
      z.strictObject({
        name: z.string(),
        from: z.discriminatedUnion('kind', [
          /** A file or folder on the machine that the studio runs on. */
          z.strictObject({ kind: z.literal('path'), path: z.string() }),
          /** Files that the page has uploaded, by their ids. */
          z.strictObject({ kind: z.literal('uploads'), ids: z.array(z.string()).min(1).max(20) }),
        ]),
      }),
    )
    .output(importedTokenizerSchema),
  /** The tokens of a text; a longer one than `longestEncodedText` is refused. */
  encode: procedure.input(reference.extend({ text: z.string() })).output(encodedTextSchema),
  /** How well tokenizers fit the same text: one that was typed, or a sample of a dataset. */
  compare: procedure
    .input(
      z.strictObject({
        names: z.array(z.string()).min(1).max(8),
        sample: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('text'), text: z.string() }),
          z.strictObject({ kind: z.literal('dataset'), dataset: z.string() }),
        ]),
      }),
    )
    .output(tokenizerComparisonSchema),
  /** Some tokens of a vocabulary by id; with `search` those whose text has it, or whose id it is. */
  vocabulary: procedure
    .input(
      reference.extend({
        from: z.int().nonnegative(),
        count: z.int().positive().max(1000),
        search: z.string().max(200).optional(),
      }),
    )
    .output(vocabularySchema),
  delete: procedure.input(reference).output(z.strictObject({ freedBytes: z.number() })),
};
