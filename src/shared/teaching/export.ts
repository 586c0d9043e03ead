import type { Topic } from './term.ts';

/** What is said of using a model in other programs. */
export const exporting = {
  onnx: {
    name: 'ONNX',
    what: 'A file format for models that many programs can run, on servers, phones and in browsers.',
  },
} as const satisfies Topic;
