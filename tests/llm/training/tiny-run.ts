import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TokenSplit } from '../../../src/main/llm/data/token-shards.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { nextToken } from '../../../src/main/llm/objectives/next-token/objective.ts';
import { trainTokenizer } from '../../../src/main/llm/tokenizers/train.ts';
import type { Tokenizer } from '../../../src/main/llm/tokenizers/tokenizer.ts';
import { train, type TrainingJob, type TrainingResult } from '../../../src/main/llm/training/train.ts';
import {
  gptConfigurationSchema,
  resolveGptShape,
  type GptConfiguration,
} from '../../../src/shared/models/gpt-configuration.ts';
import { parseConfiguration } from '../../../src/shared/runs/configuration-schema.ts';
import type { RunConfigurationInput } from '../../../src/shared/runs/configuration.ts';
import type { TrainingEvent } from '../../../src/shared/runs/events.ts';

/** A run of a two-layer model on a short text in memory, small enough to train in a test. */

const sentences = [
  'the cat sat on the mat. ',
  'a dog ran to the old gate. ',
  'rain fell on the green hill. ',
  'she read a long book. ',
];

/** Sentences in an order without a short period. */
export const tinyText = Array.from(
  { length: 120 },
  (_, index) => sentences[(index * index + (index >> 2)) % sentences.length],
).join('');

export async function tinyTokenizer(text = tinyText): Promise<Tokenizer> {
  async function* documents() {
    yield text;
  }
  return trainTokenizer({ documents: documents(), kind: 'char', vocabularySize: 1, minimumFrequency: 1 });
}

export function memorySplit(tokens: Uint32Array, tokenizer: Tokenizer): TokenSplit {
  return {
    tokens: tokens.length,
    bytes: tokens.reduce((sum, id) => sum + tokenizer.tokenBytes(id).length, 0),
    documents: 1,
    read: (start, count) => {
      if (start < 0 || start + count > tokens.length) throw new RangeError('Outside of the split.');
      return tokens.slice(start, start + count);
    },
  };
}

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-training-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TinyRun {
  readonly engine: Engine;
  readonly folder: string;
  readonly model?: Partial<GptConfiguration>;
  readonly training?: RunConfigurationInput['training'];
  readonly job?: Partial<TinyJob>;
}

export interface TinyRunOutcome {
  readonly result: TrainingResult;
  readonly events: readonly TrainingEvent[];
  /** The loss of each step, in the order of the events. */
  readonly losses: readonly (readonly [step: number, loss: number])[];
}

/** A job over a text in memory. */
export interface TinyJob extends TrainingJob {
  readonly data: { readonly train: TokenSplit; readonly validation: TokenSplit };
}

export async function tinyJob({
  engine,
  folder,
  model = {},
  training = {},
  job = {},
}: TinyRun): Promise<TinyJob> {
  const tokenizer = await tinyTokenizer();
  const ids = tokenizer.encode(tinyText);
  const boundary = Math.floor(ids.length * 0.9);
  const configuration = gptConfigurationSchema.parse({
    contextLength: 16,
    hiddenSize: 32,
    layers: 2,
    heads: 2,
    ...model,
  });
  return {
    engine,
    shape: resolveGptShape(configuration, tokenizer.vocabularySize),
    tokenizer,
    objective: nextToken,
    data: {
      train: memorySplit(ids.slice(0, boundary), tokenizer),
      validation: memorySplit(ids.slice(boundary), tokenizer),
    },
    configuration: parseConfiguration({
      training: {
        steps: 12,
        batchSize: 4,
        microBatchSize: 2,
        learningRate: 5e-3,
        warmupSteps: 2,
        evaluationInterval: 4,
        sample: { maximumTokens: 0 },
        ...training,
      },
    }).training,
    folder,
    provenance: { made: 'by a test' },
    resume: 'fresh',
    signal: new AbortController().signal,
    clock: () => performance.now() / 1000,
    onEvent: () => undefined,
    ...job,
  };
}

/** Trains and keeps the events. `onEvent` of the job hears them too. */
export async function runTiny(run: TinyRun): Promise<TinyRunOutcome> {
  const job = await tinyJob(run);
  const events: TrainingEvent[] = [];
  const result = await train({
    ...job,
    onEvent: (event) => {
      events.push(event);
      job.onEvent(event);
    },
  });
  return { result, events, losses: lossesOf(events) };
}

export function lossesOf(events: readonly TrainingEvent[]): readonly (readonly [number, number])[] {
  return events.flatMap((event) =>
    event.type === 'step' ? [[event.metrics.step, event.metrics.loss] as const] : [],
  );
}

/** Pauses a run when an event comes. */
export function pauseAt(matches: (event: TrainingEvent) => boolean): Pick<TrainingJob, 'signal' | 'onEvent'> {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onEvent: (event) => {
      if (matches(event)) controller.abort();
    },
  };
}
