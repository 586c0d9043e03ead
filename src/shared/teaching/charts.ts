import type { Topic } from './term.ts';

/** What is said of a run's charts. */
export const charts = {
  smoothing: {
    name: 'Smoothing',
    what: 'Draws a moving average over the measured values, so that the trend can be seen through the noise.',
    larger: 'The line becomes calmer and follows changes later.',
  },
} as const satisfies Topic;
