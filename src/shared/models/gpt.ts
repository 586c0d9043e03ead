import {
  gptConfigurationOf,
  gptSettingsSchema,
  gptShapeSchema,
  resolveGptShape,
  type GptConfiguration,
  type GptShape,
} from './gpt-configuration.ts';
import { gptIssues } from './gpt-issues.ts';
import { gptPresets } from './gpt-presets.ts';
import { furtherGptSettings, usualGptSettings } from './gpt-settings.ts';
import type { ModelDeclaration } from './model-declaration.ts';

/** What a person sets of a decoder-only Transformer. */
export const gptDeclaration: ModelDeclaration<GptConfiguration, GptShape> = {
  name: 'gpt',
  title: 'Decoder-only Transformer (GPT)',
  description: 'It writes text from left to right, one token after another.',
  settingsSchema: gptSettingsSchema,
  shapeSchema: gptShapeSchema,
  earlierNames: { style: 'modelType' },
  resolveShape: (settings, { vocabularySize }) => resolveGptShape(settings, vocabularySize),
  settingsOf: gptConfigurationOf,
  issues: gptIssues,
  tasks: () => ['generate'],
  modelType: ({ modelType }) => modelType,
  sizes: ({ layers, hiddenSize, heads }) => [`${layers} layers`, `width ${hiddenSize}`, `${heads} heads`],
  tooLarge: { setting: 'hiddenSize', remedy: 'Choose fewer layers or a smaller width.' },
  usualSettings: usualGptSettings,
  furtherSettings: furtherGptSettings,
  ownText: 'Set the model type, layers, hidden size, heads, context and tokenizer yourself.',
  presets: gptPresets,
};
