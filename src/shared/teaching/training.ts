import type { Topic } from './term.ts';

/** What is said of learning. */
export const training = {
  loss: {
    name: 'Loss',
    what: 'How surprised the model is by each next token, on average. Training makes it smaller.',
    larger: 'The model predicts worse.',
    usual:
      'It begins near the logarithm of the vocabulary size (7 for 1,000 tokens) and falls quickly at first, then slowly.',
  },
  learningRate: {
    name: 'Learning rate',
    what: 'How far each step moves the parameters.',
    larger: 'It learns faster, until the loss jumps or grows: then it is too large.',
    usual: '0.001 for small models, 0.0003 for larger ones.',
  },
} as const satisfies Topic;
