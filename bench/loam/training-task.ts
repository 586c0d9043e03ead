import type { EngineName } from '../../src/shared/engines/engine.ts';
import type { Engine } from '../../src/main/llm/engines/engine.ts';
import { nextToken } from '../../src/main/llm/objectives/next-token/objective.ts';
import { createOnnxRuntimeEngine } from '../../src/main/llm/engines/onnxruntime/engine.ts';
import { openEngine } from '../../src/main/studio/engines/open-engine.ts';
import type { TokenSplit } from '../../src/main/llm/data/token-shards.ts';
import type { Tokenizer } from '../../src/main/llm/tokenizers/tokenizer.ts';
import { parametersOf } from '../../src/main/llm/models/registry.ts';
import { trainedPart } from '../../src/main/llm/training/trained-part.ts';
import type { TrainingJob } from '../../src/main/llm/training/train.ts';
import { parseConfiguration } from '../../src/shared/runs/configuration-schema.ts';
import type { Calibration } from '../../src/shared/runs/events.ts';
import { benchModel } from '../harness/models.ts';

/** What a process that trains a benchmark model is told. */
export interface TrainingTask {
  readonly model: string;
  readonly threads: number;
  /** Default: ONNX Runtime. */
  readonly engine?: EngineName;
  /** A calibration to use as recorded; without one the run makes its own, as a fresh run does. */
  readonly calibration?: Calibration;
  readonly gradientCheckpointing?: boolean;
  /** Only so many of the topmost layers learn. Default: everything. */
  readonly trainedLayers?: number;
  /** Folder for ONNX Runtime's profiles. */
  readonly profileFolder?: string;
}

/** Ids that follow no pattern, in memory: what the text says makes no difference to the speed. */
function scatteredTokens(count: number, vocabularySize: number): TokenSplit {
  const tokens = Uint32Array.from(
    { length: count },
    (_, index) => (Math.imul(index + 1, 0x9e3779b1) >>> 8) % vocabularySize,
  );
  return {
    tokens: count,
    bytes: count,
    documents: 1,
    read: (start, length) => tokens.slice(start, start + length),
  };
}

/** Tokens without text. */
function bareTokenizer(vocabularySize: number): Tokenizer {
  return {
    kind: 'other',
    vocabularySize,
    endOfText: 0,
    hash: '0'.repeat(64),
    encode: (text) => new Uint32Array(text.length),
    decode: () => '',
    tokenBytes: () => Uint8Array.of(0),
    tokenText: () => '',
    toJson: () => '{}',
  };
}

function engineOf({ engine = 'onnxruntime', threads, profileFolder }: TrainingTask): Promise<Engine> {
  return profileFolder === undefined
    ? openEngine(engine, threads)
    : createOnnxRuntimeEngine({ threads, profileFolder });
}

/** A run of the product's training loop on a benchmark model, without evaluations, samples or checkpoints on the way. */
export async function trainingJob(
  task: TrainingTask,
  { folder, signal, onEvent }: Pick<TrainingJob, 'folder' | 'signal' | 'onEvent'>,
  onLoaded?: () => void,
): Promise<TrainingJob> {
  const { shape, batchSize } = benchModel(task.model);
  const engine = await engineOf(task);
  onLoaded?.();
  return {
    engine,
    shape,
    trains: trainedPart(parametersOf(shape), { trainedLayers: task.trainedLayers }),
    tokenizer: bareTokenizer(shape.vocabularySize),
    objective: nextToken,
    data: {
      train: scatteredTokens(200_000, shape.vocabularySize),
      validation: scatteredTokens(2 * shape.contextLength, shape.vocabularySize),
    },
    configuration: parseConfiguration({
      training: {
        steps: 1_000_000,
        batchSize,
        gradientCheckpointing: task.gradientCheckpointing ?? false,
        learningRate: 1e-4,
        minimumLearningRate: 1e-4,
        schedule: 'constant',
        warmupSteps: 0,
        evaluationInterval: 1_000_000,
        sample: { maximumTokens: 0 },
      },
    }).training,
    folder,
    provenance: {},
    ...(task.calibration === undefined ? {} : { calibration: task.calibration }),
    resume: 'fresh',
    signal,
    clock: () => performance.now() / 1000,
    onEvent,
  };
}
