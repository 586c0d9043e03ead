import type { Topic } from './term.ts';

/** What is said of a model's shape. */
export const models = {
  parameters: {
    name: 'Parameters',
    what: 'The numbers inside the model that training adjusts. Their count is the model’s size.',
    larger: 'The model can learn more, needs more text to do so, and takes more time and memory.',
    usual: 'One million for a first look, ten million for a night on a laptop, a hundred million for days.',
  },
  contextLength: {
    name: 'Context length',
    what: 'How many tokens the model sees at once when it predicts the next one.',
    larger: 'It can refer back further; training takes more time and memory.',
    usual: '64 for a first look, 256 to 1,024 for real work.',
  },
} as const satisfies Topic;
