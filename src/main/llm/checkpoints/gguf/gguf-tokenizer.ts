import { z } from 'zod';
import { LoamError } from '../../../../shared/errors.ts';
import { modelLimits, tokenizerLimits } from '../../../../shared/models/limits.ts';
import type { GgufMetadata } from '../../models/gguf-reader.ts';
import { writeOrderedJson, type OrderedJson } from '../../tokenizers/ordered-json.ts';
import { wordPatterns } from '../../tokenizers/pre-tokenizer.ts';
import { beginWith } from '../../tokenizers/text-frame.ts';
import { bpeModel, tokenizerFile } from '../../tokenizers/tokenizer-json.ts';
import { mergesOfScores } from './merges-of-scores.ts';

/** What a token is: `llama_token_type` in llama.cpp's include/llama.h. */
const tokenTypes = { control: 3, userDefined: 4 } as const;

const id = z.int().min(0);

const tokenizerSchema = z.object({
  model: z.string(),
  pre: z.string().optional(),
  tokens: z.array(z.string().max(tokenizerLimits.tokenLength)).min(1).max(modelLimits.vocabularySize),
  token_type: z.array(z.int()).optional(),
  scores: z.array(z.number()).optional(),
  merges: z.array(z.string()).max(tokenizerLimits.merges).optional(),
  bos_token_id: id.optional(),
  eos_token_id: id.optional(),
  unknown_token_id: id.optional(),
  padding_token_id: id.optional(),
  add_bos_token: z.boolean().optional(),
  add_space_prefix: z.boolean().optional(),
});
type GgufTokenizer = z.output<typeof tokenizerSchema>;

/** A tokenizer in the form of Hugging Face, and what is said beside it. */
export interface GgufTokenizerFiles {
  /** tokenizer.json. */
  readonly tokenizer: string;
  /** tokenizer_config.json. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly ids: {
    readonly bos_token_id: number | null;
    readonly eos_token_id: number | null;
    readonly pad_token_id: number | null;
  };
}

const prefix = 'tokenizer.ggml.';

/**
 * The tokenizer of a GGUF file: byte-level BPE ("gpt2"), or SentencePiece's BPE ("llama").
 * @throws LoamError when it is missing or broken, or cuts words in a way that is not computed here
 */
export function readGgufTokenizer(metadata: GgufMetadata, where: string): GgufTokenizerFiles {
  const own = [...metadata].filter(([key]) => key.startsWith(prefix));
  const parsed = tokenizerSchema.safeParse(
    Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])),
  );
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw broken(where, `at ${prefix}${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const tokenizer = parsed.data;
  for (const name of ['bos_token_id', 'eos_token_id', 'unknown_token_id', 'padding_token_id'] as const) {
    const named = tokenizer[name];
    if (named !== undefined && named >= tokenizer.tokens.length)
      throw broken(where, `${name} is ${named}, and there are ${tokenizer.tokens.length} tokens`);
  }
  const text = (token: number | undefined) => (token === undefined ? null : tokenizer.tokens[token]!);
  return {
    tokenizer: writeOrderedJson(fileOf(tokenizer, where)),
    configuration: {
      bos_token: text(tokenizer.bos_token_id),
      eos_token: text(tokenizer.eos_token_id),
      unk_token: text(tokenizer.unknown_token_id),
      pad_token: text(tokenizer.padding_token_id),
    },
    ids: {
      bos_token_id: tokenizer.bos_token_id ?? null,
      eos_token_id: tokenizer.eos_token_id ?? null,
      pad_token_id: tokenizer.padding_token_id ?? null,
    },
  };
}

function fileOf(tokenizer: GgufTokenizer, where: string): OrderedJson {
  switch (tokenizer.model) {
    case 'gpt2':
      return byteLevel(tokenizer, where);
    case 'llama':
      return sentencePiece(tokenizer, where);
    default:
      throw new LoamError({
        kind: 'input',
        where,
        what: `The file’s tokenizer is of the kind "${tokenizer.model}", which is not computed here.`,
        remedy:
          'Take a model whose tokenizer is of the kind "gpt2" (byte-level BPE) or "llama" (SentencePiece BPE).',
      });
  }
}

/** Cuts by an expression, each match a word, and turns bytes into characters. */
const byPattern = (pattern: string): OrderedJson => ({
  type: 'Sequence',
  pretokenizers: [
    { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
});
const byGpt2: OrderedJson = {
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: true,
};

interface WordCutting {
  readonly preTokenizer: OrderedJson;
  readonly normalizer?: OrderedJson;
  readonly ignoreMerges?: boolean;
}

/** How words are cut, by the name that llama.cpp gives it (`llm_load_vocab` in src/llama-vocab.cpp). */
const wordCuttings: ReadonlyMap<string, WordCutting> = new Map<string, WordCutting>([
  ['gpt-2', { preTokenizer: byGpt2 }],
  [
    'smollm',
    {
      preTokenizer: {
        type: 'Sequence',
        pretokenizers: [{ type: 'Digits', individual_digits: true }, byGpt2],
      },
    },
  ],
  ['llama-bpe', { preTokenizer: byPattern(wordPatterns.gpt4), ignoreMerges: true }],
  ['qwen2', { preTokenizer: byPattern(wordPatterns.qwen), normalizer: { type: 'NFC' } }],
]);

function byteLevel(tokenizer: GgufTokenizer, where: string): OrderedJson {
  const { pre = 'gpt-2', merges } = tokenizer;
  const cutting = wordCuttings.get(pre);
  if (cutting === undefined)
    throw new LoamError({
      kind: 'input',
      where,
      what: `The file’s tokenizer cuts words as "${pre}" does, which is not computed here.`,
      remedy: `Take a model whose tokenizer cuts them as one of these: ${[...wordCuttings.keys()].join(', ')}.`,
    });
  if (merges === undefined) throw broken(where, 'it has no merges');
  return tokenizerFile({
    ...tokensOf(tokenizer),
    ...frameOf(tokenizer),
    ...(cutting.normalizer === undefined ? {} : { normalizer: cutting.normalizer }),
    preTokenizer: cutting.preTokenizer,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: bpeModel({
      vocabulary: vocabularyOf(tokenizer, where),
      merges: merges.map((line) => splitMerge(line, where)),
      ...(cutting.ignoreMerges === undefined ? {} : { ignoreMerges: cutting.ignoreMerges }),
    }),
  });
}

/** A merge is two tokens with a space between; a token of SentencePiece has none, and byte-level ones neither. */
function splitMerge(line: string, where: string): readonly string[] {
  const at = line.indexOf(' ', 1);
  if (at < 0) throw broken(where, `the merge ${JSON.stringify(line.slice(0, 40))} is no pair of tokens`);
  return [line.slice(0, at), line.slice(at + 1)];
}

function sentencePiece(tokenizer: GgufTokenizer, where: string): OrderedJson {
  const { scores, tokens, unknown_token_id: unknown = 0, add_space_prefix: prefixed = true } = tokenizer;
  if (scores?.length !== tokens.length) throw broken(where, 'its tokens have no scores');
  const vocabulary = vocabularyOf(tokenizer, where);
  const space = { String: ' ' } as const;
  return tokenizerFile({
    ...tokensOf(tokenizer, [unknown]),
    ...frameOf({ ...tokenizer, add_bos_token: tokenizer.add_bos_token ?? true }),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...(prefixed ? [{ type: 'Prepend', prepend: '▁' } as const] : []),
        { type: 'Replace', pattern: space, content: '▁' },
      ],
    },
    preTokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(prefixed ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 } as const] : []),
      ],
    },
    model: bpeModel({
      vocabulary,
      merges: mergesOfScores(vocabulary, scores),
      unknownToken: tokens[unknown]!,
      fuseUnknown: true,
      byteFallback: true,
    }),
  });
}

function vocabularyOf({ tokens }: GgufTokenizer, where: string): ReadonlyMap<string, number> {
  const vocabulary = new Map(tokens.map((token, number) => [token, number]));
  if (vocabulary.size === tokens.length) return vocabulary;
  const twice = tokens.find((token, number) => vocabulary.get(token) !== number) ?? '';
  throw broken(where, `the token ${JSON.stringify(twice)} stands in it twice`);
}

/** @param further ids of tokens that are special whatever their type says */
function tokensOf(
  { tokens, token_type: types = [] }: GgufTokenizer,
  further: readonly number[] = [],
): {
  readonly specialTokens: ReadonlyMap<number, string>;
  readonly plainTokens: ReadonlyMap<number, string>;
} {
  const ofType = (type: number): readonly number[] =>
    types.flatMap((each, token) => (each === type && token < tokens.length ? [token] : []));
  const named = (ids: readonly number[]) => new Map(ids.map((token) => [token, tokens[token]!]));
  const special = [...new Set([...further, ...ofType(tokenTypes.control)])].toSorted((a, b) => a - b);
  return { specialTokens: named(special), plainTokens: named(ofType(tokenTypes.userDefined)) };
}

/** What is put before every text. */
function frameOf({ add_bos_token: adds = false, bos_token_id: begin, tokens }: GgufTokenizer): {
  readonly postProcessor?: OrderedJson;
} {
  return adds && begin !== undefined ? { postProcessor: beginWith(tokens[begin]!, begin) } : {};
}

function broken(where: string, what: string): LoamError {
  return new LoamError({
    kind: 'input',
    where,
    what: `The file’s tokenizer is broken: ${what}.`,
    remedy: 'Take the model’s file from its source again.',
  });
}
