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
  perplexity: {
    name: 'Perplexity',
    what: 'Among how many equally likely tokens the model hesitates at each step, on average.',
    larger: 'It predicts worse.',
    usual: 'Only comparable between models with the same tokenizer and the same text.',
  },
  bitsPerByte: {
    name: 'Bits per byte',
    what: 'How many bits each byte of the text still holds for somebody who has the model: a good model could pack the text into that many. Tokens do not enter into it, so that models with different tokenizers can be compared.',
    larger: 'It predicts worse.',
    usual:
      'About 2 for a small model on everyday text, below 1 for large ones; 8 for a model that knows nothing.',
  },
  bigram: {
    name: 'Against a bigram model',
    what: 'What simple counting scores: a model that knows only how often each token followed each other one in the same training text. A language model that has learned something does better.',
    larger: 'The counting model predicts worse.',
    usual: 'A trained model’s loss is clearly below it.',
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
