import type { Topic } from './term.ts';

/** What is said of measuring a model. */
export const evaluation = {
  evaluation: {
    name: 'Evaluation',
    what: 'The model reads a text and says before each token how likely it thinks it. The more surprised it is on average, the worse it knows such text. Nothing is written and nothing is learned.',
  },
  loss: {
    name: 'Loss',
    what: 'How surprised the model is by each next token, on average, in nats (the natural logarithm).',
    larger: 'It predicts worse.',
    usual: 'Between 1.5 and 4 for small models. Only comparable between models with the same tokenizer.',
  },
  split: {
    name: 'Part',
    what: 'Which part of the dataset is measured. The part kept aside is new to a model that trained on the rest, so it says how the model does on text that it has not seen.',
    usual: 'The part kept aside of its own data; all of any other data.',
  },
  familiarity: {
    name: 'What the text is to the model',
    what: 'A model does better on text that it was trained on. Figures are only honest on text that is new to it, so each measurement says which it was.',
  },
} as const satisfies Topic;
