import { LoamError } from '../../../shared/errors.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';
import type { LowRankAdapter } from '../models/low-rank-adapter.ts';
import { createStreamingDecoder } from '../tokenizers/streaming-decoder.ts';
import { requireRows, requireRowsOf } from '../tokenizers/rows.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { emptyWindow, moveWindow, rememberedTokens } from './context-window.ts';
import { createForwardPass, type ForwardPass } from './forward-pass.ts';
import { createRandomNumbers } from '../random/random-numbers.ts';
import type {
  GenerationEnd,
  GenerationSettings,
  GenerationSettingsInput,
  WrittenToken,
} from '../../../shared/generation/settings.ts';
import { sampleToken } from './sampling.ts';
import { resolveGenerationSettings } from './settings.ts';
import { createStopDetector } from './stop-strings.ts';
import { topTokens, probabilitiesOf } from './token-probabilities.ts';

export interface GenerationResult {
  /** What was written, without the prompt and up to a stop string. */
  readonly text: string;
  /** The tokens written, without the one that ended the text, with those of a stop string. */
  readonly ids: readonly number[];
  readonly reason: GenerationEnd;
  /** Tokens of the prompt, also where the context is shorter. */
  readonly promptTokens: number;
  /** Measured: tokens written per second after the first; 0 when there are fewer than two. */
  readonly tokensPerSecond: number;
  /** The tokens of `ids` with their probabilities, where `alternatives` was asked for. */
  readonly tokens?: readonly WrittenToken[];
}

export interface GenerationRequest extends GenerationSettingsInput {
  /** The prompt as tokens, in place of the text: special tokens are possible here. */
  readonly promptIds?: readonly number[];
  /** Ids that end this text besides those that always do. */
  readonly endOfText?: readonly number[];
  /** Ends the writing; what was written until then is the result. */
  readonly signal?: AbortSignal;
  /** Called with text as soon as it is certain: whole characters, never a part of a stop string. */
  readonly onText?: (text: string) => void;
}

/** A model ready to write. */
export interface Generator {
  /**
   * Writes on from a prompt. The same settings give the same text. When prompt and text grow longer than the context,
   * the model goes on from the last half of it.
   * @throws LoamError when settings are out of range or the model's weights are broken. One call at a time.
   */
  generate(request: GenerationRequest): Promise<GenerationResult>;
  /** Frees the program and the cache; the weights are the caller's. */
  dispose(): Promise<void>;
}

export interface GeneratorOptions {
  readonly engine: Engine;
  readonly shape: ModelShape;
  /** Every parameter, in the engine's memory. */
  readonly weights: Readonly<Record<string, DeviceTensor>>;
  readonly tokenizer: Tokenizer;
  /** Tokens that the model remembers. Default: its context length, at most 4096, since the cache takes memory. */
  readonly cacheLength?: number;
  /** The weights will not change while the generator lives, so that the engine may repack them for speed. Default: no. */
  readonly frozen?: boolean;
  /** What was learned beside the weights; its matrices are among them. */
  readonly adapter?: LowRankAdapter | undefined;
  /** Ids that end a text. Default: the tokenizer's. */
  readonly endOfText?: readonly number[];
  /**
   * What a text out of nothing begins with. Default: the tokenizer's end of text, since a document follows the end of the
   * one before it.
   */
  readonly beginOfText?: number;
  /** Seconds, monotonic. */
  readonly clock?: () => number;
}

/**
 * Makes a model ready to write.
 * @throws LoamError when the tokenizer has tokens in texts that the model does not know
 */
export async function createGenerator(options: GeneratorOptions): Promise<Generator> {
  const { engine, shape, weights, tokenizer, adapter, frozen = false } = options;
  requireRows(tokenizer, shape);
  const cacheLength = rememberedTokens(shape.contextLength, options.cacheLength);
  const forwardPass = await createForwardPass({ engine, shape, weights, frozen, cacheLength, adapter });
  const writer: Writer = {
    forwardPass,
    tokenizer,
    endOfText: new Set(options.endOfText ?? [tokenizer.endOfText]),
    beginOfText: options.beginOfText ?? tokenizer.endOfText,
    clock: options.clock ?? (() => performance.now() / 1000),
  };
  let busy = false;
  return {
    generate: async ({ signal, onText, promptIds, endOfText = [], ...input }) => {
      const settings = resolveGenerationSettings(input);
      const ids = promptIds ?? promptOf(tokenizer, settings.prompt);
      requireRowsOf(ids, tokenizer, shape);
      if (busy) throw new Error('This generator is writing already.');
      busy = true;
      try {
        return await write(
          { ...writer, endOfText: new Set([...writer.endOfText, ...endOfText]) },
          ids,
          settings,
          signal,
          onText,
        );
      } finally {
        busy = false;
      }
    },
    dispose: () => forwardPass.dispose(),
  };
}

/** A text that stands by itself as tokens, with what the tokenizer puts around it. */
export function promptOf(tokenizer: Tokenizer, text: string): readonly number[] {
  const { before = [], after = [] } = tokenizer.frame ?? {};
  return [...before, ...tokenizer.encode(text), ...after];
}

interface Writer {
  readonly forwardPass: ForwardPass;
  readonly tokenizer: Tokenizer;
  readonly endOfText: ReadonlySet<number>;
  readonly beginOfText: number;
  readonly clock: () => number;
}

async function write(
  { forwardPass, tokenizer, endOfText, beginOfText, clock }: Writer,
  promptIds: readonly number[],
  settings: GenerationSettings,
  signal: AbortSignal | undefined,
  onText: ((text: string) => void) | undefined,
): Promise<GenerationResult> {
  const ids = promptIds.length > 0 ? [...promptIds] : [beginOfText];
  const promptLength = ids.length;
  const seen = new Set(ids);
  const random = createRandomNumbers(settings.seed);
  const decoder = createStreamingDecoder(tokenizer);
  const stops = createStopDetector(settings.stop);
  const { alternatives } = settings;
  const tokens: WrittenToken[] = [];
  let text = '';
  const show = (piece: string): void => {
    if (piece === '') return;
    text += piece;
    onText?.(piece);
  };

  let window = emptyWindow;
  const nextLogits = async (): Promise<Float32Array | undefined> => {
    window = moveWindow(window, ids.length, forwardPass.cacheLength);
    try {
      const logits = await forwardPass.run(ids.slice(window.start + window.cached), window.cached, signal);
      window = { start: window.start, cached: ids.length - window.start };
      // A model for other tokenizers too may have more tokens than this one.
      return logits.subarray(0, tokenizer.vocabularySize);
    } catch (error) {
      if (error instanceof LoamError && error.kind === 'interrupted') return undefined;
      throw error;
    }
  };

  let firstTokenAt = 0;
  let reason: GenerationEnd = 'length';
  while (ids.length - promptLength < settings.maximumTokens) {
    const logits = signal?.aborted ? undefined : await nextLogits();
    if (logits === undefined) {
      reason = 'cancelled';
      break;
    }
    if (ids.length === promptLength) firstTokenAt = clock();
    requireNumbers(logits);
    // Before the sampling settings change the logits: what the model itself expected.
    const probabilities = alternatives === undefined ? undefined : probabilitiesOf(logits);
    const id = sampleToken(logits, seen, settings, random.next());
    if (endOfText.has(id)) {
      reason = 'endOfText';
      break;
    }
    ids.push(id);
    seen.add(id);
    const piece = decoder.push(id);
    if (probabilities !== undefined)
      tokens.push({
        text: piece,
        probability: probabilities[id] ?? 0,
        alternatives: topTokens(probabilities, alternatives ?? 0).map((other) => ({
          text: tokenizer.tokenText(other),
          probability: probabilities[other] ?? 0,
        })),
      });
    const progress = stops.push(piece);
    show(progress.text);
    if (progress.stopped) {
      reason = 'stop';
      break;
    }
  }
  const written = ids.length - promptLength;
  const seconds = clock() - firstTokenAt;
  if (reason !== 'stop') {
    const last = stops.push(decoder.finish());
    show(last.text);
    if (last.stopped) reason = 'stop';
    else show(stops.finish());
  }
  return {
    text,
    ids: ids.slice(promptLength),
    reason,
    promptTokens: promptIds.length,
    tokensPerSecond: written > 1 && seconds > 0 ? (written - 1) / seconds : 0,
    ...(alternatives === undefined ? {} : { tokens }),
  };
}

function requireNumbers(logits: Float32Array): void {
  if (!logits.some((logit) => Number.isNaN(logit))) return;
  throw new LoamError({
    kind: 'input',
    what: 'The model computes no numbers (NaN): its weights are broken, most likely because its training diverged.',
    remedy: 'Use an earlier checkpoint, or train again with a lower learning rate.',
  });
}
