import type { ObjectiveDeclaration } from '../../../../shared/objectives/objective.ts';

export const nextTokenDeclaration = {
  name: 'next-token',
  title: 'Write like these documents',
  description:
    'A language model that learns from nothing but your text, by predicting each next token from those before it, and then goes on from any beginning in its style.',
  goodFor:
    'drafts in a house style, completing forms and reports, learning how language models work, measuring how predictable a text is.',
  notFor:
    'answering questions about the world. It knows only what it read, and it does not check whether what it writes is true.',
  task: 'generate',
  predictions: 'tokens',
  loss: {
    name: 'loss',
    term: {
      name: 'Loss',
      what: 'How surprised the model is by each next token, on average, in nats (the natural logarithm).',
      larger: 'It predicts worse.',
      usual: 'Between 1.5 and 4 for small models. Only comparable between models with the same tokenizer.',
    },
    format: 'decimal',
    better: 'lower',
  },
  figures: [
    {
      name: 'bitsPerByte',
      term: {
        name: 'Bits per byte',
        what: 'How many bits each byte of the text still holds for somebody who has the model: a good model could pack the text into that many. Tokens do not enter into it, so that models with different tokenizers can be compared.',
        larger: 'It predicts worse.',
        usual:
          'About 2 for a small model on everyday text, below 1 for large ones; 8 for a model that knows nothing.',
      },
      format: 'decimal',
      better: 'lower',
    },
    {
      name: 'perplexity',
      term: {
        name: 'Perplexity',
        what: 'Among how many equally likely tokens the model hesitates at each step, on average.',
        larger: 'It predicts worse.',
        usual: 'Only comparable between models with the same tokenizer and the same text.',
      },
      format: 'factor',
      better: 'lower',
    },
  ],
  headline: 'bitsPerByte',
  baseline: {
    figure: 'bigramLoss',
    term: {
      name: 'Against a bigram model',
      what: 'What simple counting scores: a model that knows only how often each token followed each other one in the same training text. A language model that has learned something does better.',
      larger: 'The counting model predicts worse.',
      usual: 'A trained model’s loss is clearly below it.',
    },
    short: 'counting',
    phrase: 'merely counting which token follows which',
  },
} as const satisfies ObjectiveDeclaration;
