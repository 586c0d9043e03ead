import type { Topic } from './term.ts';

/** What is said of the machine. */
export const hardware = {
  cores: {
    name: 'Cores',
    what: 'How many things the processor can do at once. Training uses all but those that you leave free.',
    larger: 'Training is faster.',
    usual: '4 to 16 in a laptop.',
  },
  memory: {
    name: 'Memory',
    what: 'Where the model, its gradients and the batch lie while it trains.',
    larger: 'Larger models and batches fit.',
    usual: '16 to 64 GB.',
  },
  freeCores: {
    name: 'Free cores',
    what: 'Processor cores that training leaves to your other programs.',
    larger: 'The machine stays quicker for other work, and training takes longer.',
    usual: '0 overnight, 1 or 2 while you work.',
  },
  diskSpace: {
    name: 'Free disk space',
    what: 'Room left on the disk that holds your projects. A checkpoint takes about 12 bytes for each parameter.',
    larger: 'More checkpoints and datasets fit.',
    usual: 'A few gigabytes for small models.',
  },
  engine: {
    name: 'Engine',
    what: 'The program inside Loam that does the arithmetic of training and writing.',
  },
  gpu: {
    name: 'Graphics processor',
    what: 'A second processor made for many small calculations at once.',
  },
} as const satisfies Topic;
