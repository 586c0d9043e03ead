import { z } from 'zod';

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Shards of a column, in the order of the sequence. */
const shardsSchema = z.array(
  z.strictObject({
    /** File name beside the index. */
    file: z.string().regex(/^[a-z0-9-]+\.bin$/),
    /** Integers in it. */
    tokens: count,
    sha256,
  }),
);

/** A column of a part: its values one after another, and where those of each example end. */
const storedColumnSchema = z.strictObject({
  values: shardsSchema,
  /** The place behind the last value of each example, as uint32; absent where each example has one value. */
  ends: shardsSchema.optional(),
});

const partSchema = z.strictObject({
  examples: count,
  /** Integers in the column that holds the text. */
  tokens: count,
  /** UTF-8 bytes of the texts. */
  bytes: count,
  columns: z.record(z.string(), storedColumnSchema),
});

export const exampleIndexVersion = 1;

/** A column of integers that every example of a form has. */
const columnSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** Every value is below this. */
  below: z.int().positive(),
  /** How many values an example has. */
  values: z.enum(['one', 'many']),
});
export type ExampleColumn = Readonly<z.output<typeof columnSchema>>;

/**
 * `index.json` of a folder of examples: columns of integers, each kept as `tokens/` keeps a text (plain files of little-endian
 * unsigned integers), so that an example is read by its number, whatever its length.
 */
export const exampleIndexSchema = z.strictObject({
  format: z.literal('loam-examples'),
  version: z.literal(exampleIndexVersion),
  /** What the examples are of, with a version: the objective's `examples`. */
  form: z.string(),
  byteOrder: z.literal('little-endian'),
  /** SHA-256 of the tokenizer.json that made the tokens. */
  tokenizerHash: z.string(),
  /** The classes, where a column holds their numbers. */
  labels: z.array(z.string()).optional(),
  /** What of the documents is not in the examples, in sentences. */
  notes: z.array(z.string()),
  split: z.strictObject({
    requested: z.enum(['auto', 'document']),
    validationFraction: z.number().gt(0).lt(1),
    seed: count,
  }),
  /** The first holds the text. */
  columns: z.array(columnSchema).min(1),
  parts: z.strictObject({ train: partSchema, validation: partSchema }),
});

export type ExampleIndex = z.output<typeof exampleIndexSchema>;
export type ExamplePart = ExampleIndex['parts']['train'];
