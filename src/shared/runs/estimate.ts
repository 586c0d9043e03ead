import { z } from 'zod';
import { configurationIssueSchema } from './configuration-issue.ts';

const count = z.number().nonnegative();

/** How far a figure can be trusted. */
export const estimateBases = [
  /** Measured for this very configuration on this machine. */
  'measured',
  /** Reckoned from a measurement of another configuration on this machine. */
  'scaled',
  /** Nothing was measured on this machine yet. */
  'guessed',
] as const;
export type EstimateBasis = (typeof estimateBases)[number];

/** How well a model will write, as a person would say it; from the least to the most. */
export const qualityLevels = ['letters', 'words', 'phrases', 'sentences', 'passages'] as const;
export type QualityLevel = (typeof qualityLevels)[number];

/** What keeps a model from writing better. */
export const qualityLimits = ['budget', 'text', 'size'] as const;
export type QualityLimit = (typeof qualityLimits)[number];

/** What is known of a run before it begins. Counts in tokens or parameters, memory and disk in bytes, times in seconds. */
export const runEstimateSchema = z.strictObject({
  /** Values of the model, by the part they belong to. Exact. */
  parameters: z.strictObject({
    total: count,
    /** Those that the run changes: all, unless it trains the topmost layers alone. */
    learning: count,
    embeddings: count,
    attention: count,
    feedForward: count,
    norms: count,
  }),
  vocabulary: z.strictObject({
    size: count,
    /** The tokenizer that will be used, where it exists already. */
    tokenizer: z.string().optional(),
  }),
  text: z.strictObject({
    bytes: count,
    trainTokens: count,
    validationTokens: count,
    /** Whether the tokens were counted or are estimated from the bytes. */
    counted: z.boolean(),
  }),
  memory: z.strictObject({
    total: count,
    weights: count,
    gradients: count,
    moments: count,
    activations: count,
    /** The process itself: Node, the engine's library. */
    program: count,
    basis: z.enum(estimateBases),
    /** What this machine has, all programs together. */
    machine: count,
  }),
  training: z.strictObject({
    steps: z.int().positive(),
    /** Tokens trained on over the whole run. */
    tokens: count,
    /** How many times the training text is gone through. */
    passes: count,
    tokensPerStep: count,
    secondsPerStep: count,
    /** Of the whole run with its evaluations. */
    seconds: z.strictObject({ low: count, expected: count, high: count }),
    /** Times the loss on text kept aside is measured. */
    evaluations: count,
    basis: z.enum(estimateBases),
  }),
  disk: z.strictObject({
    /** One checkpoint: weights, moments, tokenizer. */
    checkpoint: count,
    /** All that the run will leave or need at once. */
    total: count,
    /** Free on the project's disk; null where the system does not say. */
    free: count.nullable(),
  }),
  /** Of a model that learns to write from nothing: one that has learned knows more than a run teaches it. */
  quality: z
    .strictObject({
      level: z.enum(qualityLevels),
      limit: z.enum(qualityLimits),
      tokensPerParameter: count,
      /** The validation losses that earlier runs on the same text with the same tokenizer reached, in nats per token. */
      earlierLosses: z
        .strictObject({ low: z.number(), high: z.number(), runs: z.array(z.string()) })
        .optional(),
    })
    .optional(),
});
export type RunEstimate = z.output<typeof runEstimateSchema>;

export const estimateAnswerSchema = z.strictObject({
  issues: z.array(configurationIssueSchema),
  /** Absent while no model can be made of the settings. */
  estimate: runEstimateSchema.optional(),
});
export type EstimateAnswer = z.output<typeof estimateAnswerSchema>;
