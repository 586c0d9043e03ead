import { z } from 'zod';

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const shardSchema = z.strictObject({
  /** File name beside the index. */
  file: z.string().regex(/^[a-z0-9-]+\.bin$/),
  tokens: count,
  sha256,
});

const splitSchema = z.strictObject({
  tokens: count,
  /** UTF-8 bytes of the text that these tokens stand for (end-of-text tokens stand for none). */
  bytes: count,
  /** Documents that have tokens here. A document that is cut by position counts on both sides. */
  documents: count,
  /** In the order of the sequence. */
  shards: z.array(shardSchema),
});

export const tokenIndexVersion = 1;

/**
 * `index.json` of a folder of token shards. A shard is a plain file of little-endian unsigned integers, one a token,
 * without header; a split is its shards one after another. Documents follow one another with one end-of-text token
 * between them (none before the first and after the last of a split).
 */
export const tokenIndexSchema = z.strictObject({
  format: z.literal('loam-token-shards'),
  version: z.literal(tokenIndexVersion),
  dtype: z.enum(['uint16', 'uint32']),
  byteOrder: z.literal('little-endian'),
  /** Every token is below this. */
  vocabularySize: z.int().positive(),
  endOfText: count,
  /** SHA-256 of the tokenizer.json that made the tokens. */
  tokenizerHash: z.string(),
  split: z.strictObject({
    /** What was done: whole documents kept aside, or the last part of the text. */
    mode: z.enum(['document', 'position']),
    /** What was asked for. */
    requested: z.enum(['auto', 'document', 'position']),
    validationFraction: z.number().gt(0).lt(1),
    seed: count,
  }),
  splits: z.strictObject({ train: splitSchema, validation: splitSchema }),
});

export type TokenIndex = z.output<typeof tokenIndexSchema>;
export type TokenDtype = TokenIndex['dtype'];
export type SplitEntry = TokenIndex['splits']['train'];
export type ShardEntry = SplitEntry['shards'][number];

/** The smallest type that holds every id of a vocabulary. */
export function tokenDtype(vocabularySize: number): TokenDtype {
  return vocabularySize <= 65536 ? 'uint16' : 'uint32';
}

export function bytesPerToken(dtype: TokenDtype): 2 | 4 {
  return dtype === 'uint16' ? 2 : 4;
}
