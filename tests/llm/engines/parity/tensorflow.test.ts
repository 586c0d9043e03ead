import { afterAll, beforeAll, describe } from 'vitest';
import type { Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import { createTensorFlowEngine } from '../../../../src/main/llm/engines/tensorflow/engine.ts';
import { installedPack, tensorFlowTitle } from '../tensorflow/installed-pack.ts';
import { describeAgreement, describeEngine } from './engines-suite.ts';

describe.skipIf(installedPack === undefined)(tensorFlowTitle, () => {
  let engine: Engine;
  let other: Engine;
  beforeAll(async () => {
    engine = await createTensorFlowEngine({ threads: 2, libraries: installedPack! });
    other = await createOnnxRuntimeEngine({ threads: 2 });
  });
  afterAll(async () => {
    await engine.dispose();
    await other.dispose();
  });

  describeEngine(() => engine);
  describeAgreement(
    () => engine,
    () => other,
  );
});
