import { z } from 'zod';
import { agreeingSettings } from './agreeing-settings.ts';
import { gptIssues } from './gpt-issues.ts';
import { gptModelTypes, modelTypeDefaults } from './gpt-model-types.ts';
import { modelLimits } from './limits.ts';

const atMost = (most: number) => z.int().positive().max(most);

/** A decoder-only Transformer's settings, each for itself. Everything that a model type leaves open stands here. */
export const gptSettingsSchema = z.strictObject({
  architecture: z
    .literal('gpt')
    .default('gpt')
    .describe('The kind of model: a decoder-only Transformer that writes text from left to right.'),
  modelType: z
    .enum(gptModelTypes)
    .default('gpt2')
    .describe('Which published model the layers follow: gpt2, llama, qwen2 or qwen3.'),
  contextLength: atMost(modelLimits.contextLength)
    .default(256)
    .describe(
      'How many tokens the model sees at once. Longer sees more of the text and costs time and memory.',
    ),
  hiddenSize: atMost(modelLimits.hiddenSize)
    .default(384)
    .describe(
      'Hidden size (width): how long the vectors are that flow through the layers. Wider learns more and costs its square in time.',
    ),
  layers: atMost(modelLimits.layers)
    .default(6)
    .describe(
      'Number of Transformer blocks. More layers learn more abstract patterns; time grows in proportion.',
    ),
  heads: atMost(modelLimits.heads)
    .default(6)
    .describe('Attention heads per layer. They must divide the hidden size.'),
  keyValueHeads: atMost(modelLimits.heads)
    .optional()
    .describe(
      'Heads for keys and values (grouped-query attention). Fewer make the chat cache smaller. Default: as many as heads.',
    ),
  headSize: atMost(modelLimits.headSize)
    .optional()
    .describe('Size of one head. Default: hidden size divided by heads.'),
  intermediateSize: atMost(modelLimits.intermediateSize)
    .optional()
    .describe(
      'Width inside the feed-forward part. Default: 4 × hidden size (gpt2), or 8/3 × hidden size rounded up to 64 (the others).',
    ),
  tiedEmbeddings: z
    .boolean()
    .default(true)
    .describe(
      'Whether the output layer shares its weights with the token embedding. Saves memory in small models.',
    ),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe(
      'Share of values dropped at random while training. 0.1–0.2 helps when little text is seen many times.',
    ),
  rotaryBase: z
    .number()
    .positive()
    .default(10000)
    .describe('Base of the rotary positions’ wavelengths (llama, qwen).'),
  normalizationEpsilon: z
    .number()
    .positive()
    .optional()
    .describe('Small number that keeps normalisation stable. Default: 1e-5 (gpt2), 1e-6 (the others).'),
});

/** A decoder-only Transformer's shape, its settings in agreement with each other. */
export const gptConfigurationSchema = agreeingSettings(gptSettingsSchema, gptIssues);

/** What the configuration file says about the model; the vocabulary's size comes from the tokenizer. */
export type GptConfiguration = z.output<typeof gptConfigurationSchema>;

/** A model's shape with nothing left open: what `llm/models/gpt` builds from. */
export const gptShapeSchema = z.object({
  architecture: z.literal('gpt'),
  modelType: z.enum(gptModelTypes),
  vocabularySize: atMost(modelLimits.vocabularySize),
  contextLength: atMost(modelLimits.contextLength),
  hiddenSize: atMost(modelLimits.hiddenSize),
  layers: atMost(modelLimits.layers),
  heads: atMost(modelLimits.heads),
  keyValueHeads: atMost(modelLimits.heads),
  headSize: atMost(modelLimits.headSize),
  intermediateSize: atMost(modelLimits.intermediateSize),
  tiedEmbeddings: z.boolean(),
  dropout: z.number().min(0).lt(1),
  rotaryBase: z.number().positive(),
  normalizationEpsilon: z.number().positive(),
});
export type GptShape = Readonly<z.output<typeof gptShapeSchema>>;

/** Fills in what the configuration leaves to its model type. */
export function resolveGptShape(configuration: GptConfiguration, vocabularySize: number): GptShape {
  const { modelType, hiddenSize, heads } = configuration;
  const defaults = modelTypeDefaults[modelType];
  return {
    architecture: 'gpt',
    modelType,
    vocabularySize,
    contextLength: configuration.contextLength,
    hiddenSize,
    layers: configuration.layers,
    heads,
    keyValueHeads: configuration.keyValueHeads ?? heads,
    headSize: configuration.headSize ?? hiddenSize / heads,
    intermediateSize: configuration.intermediateSize ?? defaults.intermediateSize(hiddenSize),
    tiedEmbeddings: configuration.tiedEmbeddings,
    dropout: configuration.dropout,
    rotaryBase: configuration.rotaryBase,
    normalizationEpsilon: configuration.normalizationEpsilon ?? defaults.normalizationEpsilon,
  };
}

/** The settings that give a shape: all of them, whatever its model type would leave out. */
export function gptConfigurationOf(shape: GptShape): GptConfiguration {
  const { vocabularySize: _, ...configuration } = shape;
  return configuration;
}
