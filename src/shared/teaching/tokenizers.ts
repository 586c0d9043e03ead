import type { Topic } from './term.ts';

/** What is said of cutting text into pieces. */
export const tokenizers = {
  token: {
    name: 'Token',
    what: 'A piece of text that the model reads and writes as one unit: often a word or a part of one.',
  },
  vocabularySize: {
    name: 'Vocabulary size',
    what: 'How many different tokens there are.',
    larger: 'Texts become fewer tokens, and the model needs more parameters for its table of tokens.',
    usual: '1,000 to 8,000 for a small model on one subject; 30,000 to 100,000 for large general ones.',
  },
} as const satisfies Topic;
