import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import { nextToken } from '../../../src/main/llm/objectives/next-token/objective.ts';
import { createMicroBatches } from '../../../src/main/llm/training/micro-batches.ts';
import { createModelParameters } from '../../../src/main/llm/training/model-parameters.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../src/shared/models/gpt-configuration.ts';
import { accountedEngine } from '../engines/accounted-engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const shape = resolveGptShape(
  gptConfigurationSchema.parse({ contextLength: 8, hiddenSize: 16, layers: 1, heads: 2, dropout: 0.1 }),
  11,
);

it.each([
  ['made and disposed of', () => true, undefined],
  ['whose first program does not fit', () => false, 'Compilation 1 failed.'],
  ['whose second program does not fit', (count: number) => count < 2, 'Compilation 2 failed.'],
] as const)('micro-batches %s leave nothing behind', async (_, mayCompile, failure) => {
  const { engine: accounted, alive } = accountedEngine(engine, mayCompile);
  const parameters = await createModelParameters(engine, shape);
  const making = createMicroBatches({
    engine: accounted,
    shape,
    objective: nextToken,
    parameters,
    largestForm: { sequenceLength: 8 },
    batchSize: 4,
    microBatchSize: 2,
    lossChunks: 1,
    gradientCheckpointing: false,
    seed: 1,
  });
  if (failure === undefined) {
    const microBatches = await making;
    expect(alive.size).toBeGreaterThan(2);
    await microBatches.dispose();
  } else {
    await expect(making).rejects.toThrow(failure);
  }
  expect(alive.size).toBe(0);
  await parameters.dispose();
});
