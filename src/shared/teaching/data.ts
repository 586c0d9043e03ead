import type { Topic } from './term.ts';

/** What is said of texts and how they are prepared. */
export const data = {
  document: {
    name: 'Document',
    what: 'One piece of text that stands by itself: a report, a mail, a record. The model learns where documents begin and end.',
  },
  dataset: {
    name: 'Dataset',
    what: 'The documents that a model learns from, gathered under one name. A dataset is never changed in place: each edit makes a new version.',
    usual: 'A few megabytes of text for a first model; more text lets a larger model learn more.',
  },
  characters: { name: 'Characters', what: 'How many letters, digits and signs the text has.' },
} as const satisfies Topic;
