import type { Topic } from './term.ts';

/** What is said of a check of a project. */
export const integrity = {
  hash: {
    name: 'Hash',
    what: 'A short number that is computed from every byte of a file (SHA-256). If a single bit changes, the hash is another one. Loam keeps the hash of each file that it writes, beside the file.',
  },
  unprotected: {
    name: 'Without a hash',
    what: 'An earlier Loam, or another program, made this and kept no hash. It is probably fine, but nothing tells if it changes. A repair takes the files as they are now and keeps their hashes from then on.',
  },
  lost: {
    name: 'Lost changes',
    what: 'The store is the file that holds names, curves, recipes and chats. What was written to it last stands in a second file beside it, the write-ahead log, until it is taken over. If that file is lost, or an older copy of the store is put in its place, the last changes are gone.',
  },
} as const satisfies Topic;
