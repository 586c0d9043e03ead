/**
 * The most that is believed of any count in a model's or a tokenizer's files, wherever they come from. A count is compared
 * with its limit before anything is sized by it: a description of ten million layers is refused, not tried. Each limit lies
 * well above what published models have; the largest known at the time of writing stands beside it.
 */
export const modelLimits = {
  /** 126 (Llama 3.1 405B). */
  layers: 1_000,
  /** 128 (Llama 3.1 405B). */
  heads: 1_024,
  /** 512 (Gemma 4). */
  headSize: 4_096,
  /** 18,432 (MT-NLG has 20,480). */
  hiddenSize: 131_072,
  /** 53,248 (Llama 3.1 405B). */
  intermediateSize: 1_048_576,
  /** 10,485,760 (Llama 4 Scout). */
  contextLength: 16_777_216,
  /** Rows of an embedding, and ids of tokens: 262,144 (Gemma 3). */
  vocabularySize: 2_097_152,
} as const;

/** The most that is believed of a tokenizer's files besides its vocabulary's size. */
export const tokenizerLimits = {
  /** Pairs that a BPE model merges: 514,906 (Gemma 3). */
  merges: 4_194_304,
  /** Tokens with rules of their own: some thousands in published tokenizers. */
  addedTokens: 100_000,
  /** Characters of one token: some hundreds in published tokenizers. */
  tokenLength: 10_000,
  /** Normalisers, pre-tokenisers, post-processors and decoders, all together: about twenty. */
  parts: 200,
  /** Characters of one regular expression: about five hundred. */
  expressionLength: 10_000,
  /**
   * How many times longer rules may make a text. Two rules that each write a thousand characters for one would otherwise
   * turn a page into gigabytes.
   */
  growth: 4_096,
} as const;

/** The most that is believed of safetensors files. */
export const weightLimits = {
  /** Bytes of one file's header: what the reference implementation allows. */
  headerBytes: 100_000_000,
  /** Tensors of one file. */
  tensors: 200_000,
  /** Extents of one tensor. */
  rank: 16,
  /** Files of one model: 191 (Llama 3.1 405B). Each is held open. */
  files: 512,
} as const;

/** The most bytes that a file read whole may have, by what it is, and how deep JSON in it may be nested. */
export const textFileLimits = {
  /** config.json, generation_config.json and what else describes a model: some kilobytes. */
  description: 16 * 2 ** 20,
  /** tokenizer.json, vocab.json and merges.txt: 34 MB (Gemma 3). */
  tokenizer: 256 * 2 ** 20,
  /** tokenizer_config.json, which may list added tokens once more: 1.2 MB (Gemma 3). */
  tokenizerConfiguration: 32 * 2 ** 20,
  /** model.safetensors.index.json: 9 MB (DeepSeek-V3). */
  weightIndex: 64 * 2 ** 20,
  jsonDepth: 64,
} as const;

/** Characters of a chat template: some thousands in published models. */
export const longestChatTemplate = 200_000;
