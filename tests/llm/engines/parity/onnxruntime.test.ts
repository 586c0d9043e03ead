import { describe } from 'vitest';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import { describeKernels } from './kernel-suite.ts';

describe('The ONNX Runtime engine', () => {
  describeKernels(() => createOnnxRuntimeEngine({ threads: 2 }));
});
