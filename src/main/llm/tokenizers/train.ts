import { setImmediate as nextTurn } from 'node:timers/promises';
import { assertNever, LoamError } from '../../../shared/errors.ts';
import { learnMerges } from './bpe-training.ts';
import { bytesInAlphabetOrder } from './byte-characters.ts';
import { byteLevelBpeFromJson, byteLevelBpeToJson } from './byte-level-bpe-json.ts';
import { createByteLevelBpeTokenizer } from './byte-level-bpe.ts';
import { characterTokenizerOf } from './character-tokenizer.ts';
import { createWordScanner, type WordPatternName } from './pre-tokenizer.ts';
import { parseTokenizerFile } from './tokenizer-json.ts';
import { END_OF_TEXT, type Tokenizer } from './tokenizer.ts';
import { createWordCounter, defaultWordLimits, type WordLimits } from './word-counts.ts';

export interface TokenizerTrainingProgress {
  /** `reading`: done counts the UTF-8 bytes of text read. `merging`: done and total count tokens. */
  readonly phase: 'reading' | 'merging';
  readonly done: number;
  readonly total?: number;
}

export interface TokenizerTrainingOptions {
  /** The texts to learn from, read once from first to last. */
  readonly documents: AsyncIterable<string>;
  readonly kind: 'bpe' | 'char';
  /** bpe: tokens to reach, at least 257 (`<|endoftext|>` and the 256 bytes). char ignores it: all characters are tokens. */
  readonly vocabularySize: number;
  /** bpe: a pair of pieces must occur this often to become a token. char ignores it. */
  readonly minimumFrequency: number;
  /** bpe: how text is cut into words first. Default: gpt4. */
  readonly pattern?: WordPatternName;
  /** bpe: what the counts of words may hold; see word-counts.ts. */
  readonly wordLimits?: WordLimits;
  readonly onProgress?: (progress: TokenizerTrainingProgress) => void;
  /** Called with a sentence for a person when the result is not quite what was asked for. */
  readonly onNotice?: (notice: string) => void;
  readonly signal?: AbortSignal;
}

/** Ids of the tokens that every BPE vocabulary has: `<|endoftext|>` and the bytes. */
const SMALLEST_BPE_VOCABULARY = 257;
/** Larger vocabularies than any published one: most likely a slip of the hand. */
const LARGEST_BPE_VOCABULARY = 1_000_000;

/**
 * Learns a tokenizer from texts, in memory bounded by the word limits.
 *
 * Ids of a bpe tokenizer: 0 is `<|endoftext|>`, 1–256 the bytes in the order of GPT-2's byte alphabet, then the merges
 * as they were learned: ids and merges equal those of BpeTrainer of `tokenizers` with that special token, that
 * initial alphabet and the same pattern. A text with fewer frequent pairs gives fewer tokens and a notice.
 *
 * Throws a LoamError when the vocabulary size is out of range or there is no text, and the signal's reason when it is
 * aborted.
 */
export async function trainTokenizer(options: TokenizerTrainingOptions): Promise<Tokenizer> {
  switch (options.kind) {
    case 'bpe':
      return trainByteLevelBpe(options);
    case 'char':
      return trainCharacters(options);
    default:
      return assertNever(options.kind);
  }
}

async function trainByteLevelBpe(options: TokenizerTrainingOptions): Promise<Tokenizer> {
  const { vocabularySize, onProgress, onNotice, signal } = options;
  checkVocabularySize(vocabularySize);
  const pattern = options.pattern ?? 'gpt4';
  const counter = createWordCounter(createWordScanner(pattern), options.wordLimits ?? defaultWordLimits);
  await readDocuments(options, (text) => {
    counter.add(text);
    return counter.textBytes;
  });
  if (counter.droppedOccurrences > 0) {
    onNotice?.(
      `The text has more distinct words than fit in memory: ${counter.droppedOccurrences.toLocaleString('en')} occurrences of rare words were left out of the counts.`,
    );
  }

  const learned = await learnMerges({
    words: counter.counts(),
    initialTokens: [new Uint8Array(0), ...bytesInAlphabetOrder.map((byte) => Uint8Array.of(byte))],
    vocabularySize,
    minimumFrequency: options.minimumFrequency,
    onProgress: (tokens) => onProgress?.({ phase: 'merging', done: tokens, total: vocabularySize }),
    ...(signal === undefined ? {} : { signal }),
  });
  onProgress?.({ phase: 'merging', done: learned.tokens.length, total: learned.tokens.length });
  if (learned.tokens.length < vocabularySize) {
    onNotice?.(
      `The vocabulary has ${learned.tokens.length} tokens instead of ${vocabularySize}: no other pair of pieces occurs ${options.minimumFrequency} times in the text.`,
    );
  }

  const json = byteLevelBpeToJson(learned, new Map([[0, END_OF_TEXT]]), pattern);
  const definition = byteLevelBpeFromJson(
    parseTokenizerFile(json, 'the new tokenizer'),
    json,
    undefined,
    'the new tokenizer',
  );
  if (definition === undefined) throw new Error('A trained tokenizer must be one that the fast path reads.');
  return createByteLevelBpeTokenizer(definition);
}

async function trainCharacters(options: TokenizerTrainingOptions): Promise<Tokenizer> {
  const characters = new Set<number>();
  let length = 0;
  await readDocuments(options, (text) => {
    for (let index = 0; index < text.length; index++) {
      const codePoint = text.codePointAt(index)!;
      if (codePoint > 0xffff) index++;
      characters.add(codePoint);
    }
    length += Buffer.byteLength(text);
    return length;
  });
  return characterTokenizerOf(characters);
}

/** Bytes of text between two turns of the event loop. */
const BYTES_PER_TURN = 2 ** 20;

/** Reads all documents. `add` takes one in and gives the bytes read so far. */
async function readDocuments(
  options: TokenizerTrainingOptions,
  add: (text: string) => number,
): Promise<void> {
  let done = 0;
  let reported = 0;
  options.signal?.throwIfAborted();
  for await (const text of options.documents) {
    done = add(text);
    if (done - reported < BYTES_PER_TURN) continue;
    reported = done;
    options.onProgress?.({ phase: 'reading', done });
    await nextTurn();
    options.signal?.throwIfAborted();
  }
  options.onProgress?.({ phase: 'reading', done, total: done });
  if (done === 0) {
    throw new LoamError({
      kind: 'input',
      what: 'There is no text to learn a tokenizer from.',
      remedy: 'Add a file with text to the dataset.',
    });
  }
}

function checkVocabularySize(vocabularySize: number): void {
  if (
    Number.isInteger(vocabularySize) &&
    vocabularySize >= SMALLEST_BPE_VOCABULARY &&
    vocabularySize <= LARGEST_BPE_VOCABULARY
  )
    return;
  throw new LoamError({
    kind: 'misuse',
    what: `A BPE vocabulary cannot have ${vocabularySize} tokens.`,
    where: 'vocabulary size',
    remedy: `Take a whole number from ${SMALLEST_BPE_VOCABULARY} (every byte is a token, and so is ${END_OF_TEXT}) to ${LARGEST_BPE_VOCABULARY.toLocaleString('en')}.`,
  });
}
