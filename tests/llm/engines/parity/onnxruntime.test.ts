import { afterAll, beforeAll, describe } from 'vitest';
import type { Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import { describeTransformersParity } from '../../models/gpt/transformers-suite.ts';
import { computeOn } from './compute.ts';
import { describeKernels } from './kernel-suite.ts';
import { describeRepeatability } from './repeatability-suite.ts';

describe('The ONNX Runtime engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createOnnxRuntimeEngine({ threads: 2 });
  });
  afterAll(() => engine.dispose());

  describeKernels(() => engine);
  describeTransformersParity(
    computeOn(() => engine),
    { absolute: 1e-4, gradient: 1e-4 },
  );
  describeRepeatability(() => engine);
});
