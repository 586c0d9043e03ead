import type { z } from 'zod';
import type { Preset } from '../runs/preset.ts';
import type { gptSettingsSchema } from './gpt-configuration.ts';

/** A preset whose model is a GPT. */
interface GptPreset extends Preset {
  readonly configuration: Preset['configuration'] & { readonly model: z.input<typeof gptSettingsSchema> };
}

/** Starting points for a GPT, smallest first. Times are for two recent cores and are measured again at each run's start. */
export const gptPresets: readonly GptPreset[] = [
  {
    name: 'nano',
    title: 'Nano',
    text: 'A first look. Learns words and the layout of short documents.',
    summary: 'about 1 million parameters; two or three minutes on two cores',
    configuration: {
      model: { modelType: 'gpt2', contextLength: 64, hiddenSize: 128, layers: 4, heads: 4 },
      tokenizer: { kind: 'bpe', vocabularySize: 1024 },
      training: {
        steps: 1500,
        batchSize: 12,
        learningRate: 2e-3,
        minimumLearningRate: 2e-4,
        warmupSteps: 50,
        beta2: 0.99,
        evaluationInterval: 250,
      },
    },
  },
  {
    name: 'shakespeare-char',
    title: 'Characters',
    text: 'Reads letter by letter: needs no vocabulary. A usual benchmark.',
    summary: 'the usual character-level benchmark on a CPU: 0.8 million parameters, 2000 steps',
    configuration: {
      model: { modelType: 'gpt2', contextLength: 64, hiddenSize: 128, layers: 4, heads: 4, dropout: 0 },
      tokenizer: { kind: 'char' },
      data: { validationFraction: 0.1, split: 'position' },
      training: {
        steps: 2000,
        batchSize: 12,
        learningRate: 1e-3,
        minimumLearningRate: 1e-4,
        schedule: 'cosine',
        warmupSteps: 100,
        beta1: 0.9,
        beta2: 0.99,
        weightDecay: 0.1,
        gradientClipping: 1,
        evaluationInterval: 250,
      },
    },
  },
  {
    name: 'shake',
    title: 'Small',
    text: 'For a night. Learns phrases and the manner of a text.',
    summary: 'about 12 million parameters; hours on two cores',
    configuration: {
      model: { modelType: 'gpt2', contextLength: 256, hiddenSize: 384, layers: 6, heads: 6, dropout: 0.2 },
      tokenizer: { kind: 'bpe', vocabularySize: 4096 },
      training: {
        steps: 5000,
        batchSize: 16,
        learningRate: 1e-3,
        minimumLearningRate: 1e-4,
        warmupSteps: 100,
        beta2: 0.99,
      },
    },
  },
  {
    name: 'llama-mini',
    title: 'Small Llama',
    text: 'As Small, built as current open models are.',
    summary: 'about 11 million parameters, of the model type Llama; hours on two cores',
    configuration: {
      model: {
        modelType: 'llama',
        contextLength: 256,
        hiddenSize: 384,
        layers: 6,
        heads: 6,
        keyValueHeads: 2,
      },
      tokenizer: { kind: 'bpe', vocabularySize: 4096 },
      training: {
        steps: 5000,
        batchSize: 16,
        learningRate: 1e-3,
        minimumLearningRate: 1e-4,
        warmupSteps: 100,
      },
    },
  },
  {
    name: 'gpt2-124M',
    title: 'GPT-2',
    text: 'The shape of a published model. For days, and for much text.',
    summary: 'the shape of GPT-2 small: 124 million parameters; days on two cores',
    configuration: {
      model: { modelType: 'gpt2', contextLength: 1024, hiddenSize: 768, layers: 12, heads: 12 },
      tokenizer: { kind: 'bpe', vocabularySize: 50257 },
      training: {
        steps: 20000,
        batchSize: 32,
        learningRate: 6e-4,
        minimumLearningRate: 6e-5,
        warmupSteps: 500,
      },
    },
  },
];
