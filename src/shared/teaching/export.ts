import type { Topic } from './term.ts';

/** What is said of using a model in other programs. */
export const exporting = {
  onnx: {
    name: 'ONNX',
    what: 'A file format for models that many programs can run, on servers, phones and in browsers. The file holds the computation and the weights.',
    usual: 'For ONNX Runtime in any language, for transformers.js in the browser, for Optimum.',
  },
  safetensors: {
    name: 'Safetensors',
    what: 'The weights alone, beside a description of the model and its tokenizer: an ordinary Hugging Face folder without what only training needs.',
    usual: 'For transformers in Python, for further training elsewhere, for converting to other formats.',
  },
  comparison: {
    name: 'Run and compared',
    what: 'Before an export counts, the written file is run by ONNX Runtime on a text that touches the whole vocabulary, and every logit is compared with what the checkpoint computes. A file that does not compute the same is not kept.',
    larger: 'The exported model differs more from the checkpoint.',
    usual: 'Below a ten-thousandth: rounding.',
  },
  folder: {
    name: 'Folder',
    what: 'Where the export is written. It appears whole or not at all.',
    usual: 'The project’s own exports folder.',
  },
} as const satisfies Topic;
