import type { Topic } from './term.ts';

/** What is said of letting a model write. */
export const writing = {
  temperature: {
    name: 'Temperature',
    what: 'How boldly the next token is drawn from those that the model thinks possible.',
    larger: 'Texts become more varied and more often wrong. At 0 the likeliest token is always taken.',
    usual: '0.7 to 1.',
  },
} as const satisfies Topic;
