import { afterAll, beforeAll, describe } from 'vitest';
import type { Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import { describeEngine } from './engines-suite.ts';

describe('The ONNX Runtime engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createOnnxRuntimeEngine({ threads: 2 });
  });
  afterAll(() => engine.dispose());

  describeEngine(() => engine);
});
