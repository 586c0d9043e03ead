import type { GptModelType } from './gpt-model-types.ts';
import type { SettingDeclaration } from './model-declaration.ts';

/** The settings of a GPT that most people change, in the order of a form. */
export const usualGptSettings: readonly SettingDeclaration[] = [
  {
    setting: 'modelType',
    name: 'Model type',
    usual: 'gpt2 for small models, llama for what other programs expect today.',
    choices: {
      gpt2: {
        label: 'GPT-2',
        hint: 'Learned positions, LayerNorm, GELU. Simple and well understood.',
      },
      llama: {
        label: 'Llama',
        hint: 'Rotary positions, RMSNorm, SwiGLU. What most open models use.',
      },
      qwen2: { label: 'Qwen 2', hint: 'As Llama, with biases in attention.' },
      qwen3: { label: 'Qwen 3', hint: 'As Llama, with normalised queries and keys.' },
    } satisfies Record<GptModelType, { readonly label: string; readonly hint: string }>,
  },
  {
    setting: 'layers',
    name: 'Layers',
    larger: 'The model can learn more abstract patterns; time grows in proportion.',
    usual: '4 to 12.',
  },
  {
    setting: 'hiddenSize',
    name: 'Hidden size',
    larger: 'The model can learn more; time and memory grow with its square.',
    usual: '128 for a first look, 384 to 768 for real work.',
  },
  {
    setting: 'heads',
    name: 'Attention heads',
    larger: 'Each layer can look at more things at once, each with fewer values.',
    usual: 'The hidden size divided by 32 or 64.',
  },
  {
    setting: 'contextLength',
    name: 'Context length',
    larger: 'The model can refer back further; training takes more time and memory.',
    usual: '64 for a first look, 256 to 1,024 for real work.',
  },
  {
    setting: 'dropout',
    name: 'Dropout',
    larger: 'The model memorises less and learns more slowly.',
    usual: '0 with plenty of text, 0.1 to 0.2 where the same text is seen many times.',
  },
  {
    setting: 'keyValueHeads',
    name: 'Key-value heads',
    larger: 'Writing needs more memory, and quality may gain a little.',
    usual: 'As many as heads, or a quarter of them.',
    unless: { setting: 'modelType', values: ['gpt2'] },
  },
];

/** Those that few do. */
export const furtherGptSettings: readonly SettingDeclaration[] = [
  { setting: 'headSize', name: 'Head size', larger: 'Each head distinguishes more.', usual: '32 to 128.' },
  {
    setting: 'intermediateSize',
    name: 'Feed-forward width',
    larger: 'Each layer can learn more facts; time and memory grow in proportion.',
    usual: 'About 4 times the hidden size.',
  },
  { setting: 'tiedEmbeddings', name: 'Tied embeddings', usual: 'On for small models.' },
  {
    setting: 'rotaryBase',
    name: 'Rotary base',
    larger: 'Positions far apart are told apart better; needed for long contexts.',
    usual: '10,000.',
  },
  { setting: 'normalizationEpsilon', name: 'Normalisation epsilon', usual: 'The model type’s own.' },
];
