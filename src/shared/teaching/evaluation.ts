import type { Topic } from './term.ts';

/** What is said of measuring a model. */
export const evaluation = {
  perplexity: {
    name: 'Perplexity',
    what: 'Among how many equally likely tokens the model hesitates at each step, on average.',
    larger: 'It predicts worse.',
    usual: 'Only comparable between models with the same tokenizer and the same text.',
  },
  bitsPerByte: {
    name: 'Bits per byte',
    what: 'How many bits of information each byte of the text still holds for the model: comparable between tokenizers.',
    larger: 'It predicts worse.',
    usual: 'About 2 for a small model on everyday text, below 1 for large ones.',
  },
} as const satisfies Topic;
