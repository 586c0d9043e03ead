import { z } from 'zod';
import { engineNames } from '../engines/engine.ts';
import { modelSettingsSchema } from '../models/model-settings.ts';
import { usualObjective } from '../objectives/usual-objective.ts';
import { trainingMethods } from './training-method.ts';

const positive = z.int().positive();
const fraction = z.number().min(0).max(1);

/** How the learning rate moves over a run. */
export const scheduleNames = ['cosine', 'linear', 'constant', 'wsd'] as const;

/** Which linear layers have an adapter, by the part of the model that they belong to. */
export const adaptedLayers = ['all', 'attention', 'feedForward'] as const;

/** Adapters of low rank (LoRA). */
export const loraSettingsSchema = z.strictObject({
  rank: positive
    .default(16)
    .describe('How many directions each adapter can learn. More can learn more, and take more memory.'),
  alpha: z
    .number()
    .positive()
    .default(32)
    .describe(
      'How strongly adapters count: what they compute is multiplied by alpha / rank. Usual: twice the rank.',
    ),
  layers: z
    .enum(adaptedLayers)
    .default('all')
    .describe(
      'Which matrices have an adapter: all of them, those of attention, or those of the feed-forward part.',
    ),
  rankStabilized: z
    .boolean()
    .default(false)
    .describe('Multiply by alpha / √rank instead, which keeps high ranks learning.'),
});

export const tokenizerConfigurationSchema = z.strictObject({
  kind: z
    .enum(['bpe', 'char'])
    .default('bpe')
    .describe('bpe learns pieces of words from the text; char makes every character a token.'),
  vocabularySize: positive
    .default(2048)
    .describe('Number of tokens. More tokens make texts shorter and the embedding larger. Ignored by char.'),
  minimumFrequency: positive.default(2).describe('A pair of pieces must occur this often to become a token.'),
});

export const dataConfigurationSchema = z.strictObject({
  validationFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('Share of the text kept aside to measure the loss on text that the model never trained on.'),
  split: z
    .enum(['auto', 'document', 'position'])
    .default('auto')
    .describe(
      'document keeps whole documents aside, position the end of one long text; auto takes document when there are at least 20.',
    ),
});

export const trainingConfigurationSchema = z.strictObject({
  steps: positive.optional().describe('Number of optimizer steps. Default: from minutes, or 2000.'),
  minutes: z
    .number()
    .positive()
    .optional()
    .describe(
      'Time budget. A short calibration turns it into a number of steps, which follows the machine when it becomes slower or faster.',
    ),
  batchSize: positive
    .default(16)
    .describe('Sequences per optimizer step. More make each step steadier and slower.'),
  microBatchSize: z
    .union([z.literal('auto'), positive])
    .default('auto')
    .describe(
      'Sequences computed at once; their gradients are added up until the batch is full. auto measures which is fast and takes little memory.',
    ),
  learningRate: z
    .number()
    .positive()
    .default(1e-3)
    .describe(
      'Size of the first full step. Too high and the loss jumps, too low and it crawls. Usual: 1e-3 (small models) to 3e-4.',
    ),
  minimumLearningRate: z
    .number()
    .min(0)
    .default(1e-4)
    .describe('Where the schedule ends. Usual: a tenth of the learning rate.'),
  schedule: z
    .enum(scheduleNames)
    .default('cosine')
    .describe('How the learning rate falls: cosine, linear, constant, or wsd (warm-up, stable, decay).'),
  warmupSteps: z.int().min(0).default(100).describe('Steps over which the learning rate rises from zero.'),
  decayFraction: fraction
    .default(0.2)
    .describe('wsd: share of the steps at the end over which the rate falls.'),
  beta1: fraction.default(0.9).describe('AdamW: how long the mean of the gradients remembers.'),
  beta2: fraction
    .default(0.95)
    .describe('AdamW: how long the mean of their squares remembers. 0.99 for small batches.'),
  epsilon: z.number().positive().default(1e-8).describe('AdamW: keeps the division stable.'),
  weightDecay: z
    .number()
    .min(0)
    .default(0.1)
    .describe('Pulls weights towards zero; not applied to biases, norms and embeddings.'),
  gradientClipping: z
    .number()
    .min(0)
    .default(1)
    .describe('Longest gradient allowed (global L2 norm). 0 switches clipping off.'),
  evaluationInterval: positive.default(250).describe('Steps between measurements of the validation loss.'),
  evaluationTokens: positive
    .optional()
    .describe('Validation tokens used each time. Default: at most 100,000; the final evaluation uses all.'),
  checkpointInterval: positive
    .optional()
    .describe('Steps between checkpoints. Default: as the evaluation interval.'),
  keepCheckpoints: positive.default(2).describe('Latest checkpoints kept, besides the best one.'),
  trainedLayers: positive
    .optional()
    .describe(
      'Only so many of the topmost layers learn; the others and the embeddings stay as the model brought them. Less memory and time. For a run that begins with a model. Default: everything learns.',
    ),
  method: z
    .enum(trainingMethods)
    .default('full')
    .describe(
      'What changes: full changes the weights themselves; lora leaves them as the model brought them and learns a small adapter beside each matrix. Much less memory, small checkpoints. For a run that begins with a model.',
    ),
  lora: loraSettingsSchema.prefault({}).describe('The adapters of the method lora.'),
  earlyStoppingPatience: positive
    .optional()
    .describe('Stop after so many evaluations without a better validation loss. Default: never.'),
  guard: z
    .strictObject({
      lossSpike: z
        .number()
        .gt(1)
        .default(3)
        .describe('A loss this many times its recent average counts as a spike.'),
      action: z
        .enum(['rollback', 'stop', 'warn'])
        .default('rollback')
        .describe(
          'What to do at a spike or a NaN: go back to the last checkpoint (with half the learning rate), stop, or only say so.',
        ),
      maximumRollbacks: positive.default(3).describe('After so many rollbacks the run stops.'),
    })
    .prefault({}),
  gradientCheckpointing: z
    .boolean()
    .default(false)
    .describe(
      'Recompute each layer’s inside during the backward pass: less memory, about a third more time.',
    ),
  lossChunks: z
    .union([z.literal('auto'), positive])
    .default('auto')
    .describe('Parts in which the loss over the vocabulary is computed. More parts need less memory.'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1337)
    .describe('Start of the random numbers. The same seed gives the same run.'),
  sample: z
    .strictObject({
      prompt: z
        .string()
        .default('')
        .describe(
          'Text that the samples written during training begin with. Empty: the start of a document.',
        ),
      maximumTokens: z.int().min(0).default(64).describe('Length of these samples. 0 writes none.'),
      temperature: z
        .number()
        .min(0)
        .default(0.8)
        .describe('How boldly the samples are drawn: 0 always takes the likeliest token.'),
      topK: z.int().min(0).default(40).describe('Only the k likeliest tokens are drawn from. 0: all.'),
    })
    .prefault({}),
});

export const engineConfigurationSchema = z.strictObject({
  name: z
    .enum(engineNames)
    .default('onnxruntime')
    .describe(
      'What computes: onnxruntime comes along; tensorflow is installed first, and uses a card of NVIDIA’s.',
    ),
  threads: positive.optional().describe('Processor cores used. Default: all but the free ones.'),
  freeCores: z.int().min(0).default(0).describe('Cores left to other programs.'),
});

export const objectiveSettingSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .default(usualObjective)
  .describe('What the model learns by: next-token learns to go on with a text.');

/**
 * A run's configuration, everything that decides what a run does besides its data, as it is once it was read. The settings of
 * the model are those of its architecture: `configurationSchemaFor` holds them against it and fills in its defaults.
 */
export const runConfigurationSchema = z.strictObject({
  objective: objectiveSettingSchema,
  model: modelSettingsSchema,
  tokenizer: tokenizerConfigurationSchema.prefault({}),
  data: dataConfigurationSchema.prefault({}),
  training: trainingConfigurationSchema.prefault({}),
  engine: engineConfigurationSchema.prefault({}),
});

export type RunConfiguration = z.output<typeof runConfigurationSchema>;
/** A configuration as a person writes it, its defaults left out. */
export type RunConfigurationInput = Omit<z.input<typeof runConfigurationSchema>, 'model'> & {
  readonly model?: Readonly<Record<string, unknown>>;
};
/** The cores that work takes which leaves some free. */
export function usedCores(cores: number, freeCores: number): number {
  return Math.max(1, cores - freeCores);
}

/** The threads of a run; one is all that a configuration counts on which left them open. */
export function threadsOf({ engine }: Pick<RunConfiguration, 'engine'>): number {
  return engine.threads ?? 1;
}

/** What of a model learns. */
export interface TrainedSettings {
  /** The topmost layers alone. Absent: all of them, and what lies around them. */
  readonly trainedLayers?: number | undefined;
  /** Adapters learn in place of weights. */
  readonly lora?: Readonly<z.output<typeof loraSettingsSchema>> | undefined;
}

/** What of a configuration says what learns. */
export function trainedSettings({
  method,
  lora,
  trainedLayers,
}: Pick<TrainingConfiguration, 'method' | 'lora' | 'trainedLayers'>): TrainedSettings {
  return {
    ...(trainedLayers === undefined ? {} : { trainedLayers }),
    ...(method === 'lora' ? { lora } : {}),
  };
}

export type TrainingConfiguration = RunConfiguration['training'];
export type DataConfiguration = RunConfiguration['data'];
export type TokenizerConfiguration = RunConfiguration['tokenizer'];
export type ScheduleName = (typeof scheduleNames)[number];
