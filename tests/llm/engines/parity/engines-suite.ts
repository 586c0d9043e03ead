import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../../src/main/llm/engines/engine.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../../src/shared/models/gpt-configuration.ts';
import { gptModelTypes } from '../../../../src/shared/models/gpt-model-types.ts';
import { describeGreedyParity } from '../../generation/greedy-suite.ts';
import { describeTransformersParity } from '../../models/gpt/transformers-suite.ts';
import { runTiny, temporaryFolder } from '../../training/tiny-run.ts';
import { computeOn } from './compute.ts';
import { firstParting } from './first-parting.ts';
import { describeKernels } from './kernel-suite.ts';
import { trainingCase } from './model-inputs.ts';
import { describeRefusals } from './refusal-suite.ts';
import { describeRepeatability } from './repeatability-suite.ts';
import { describeSharing } from './sharing-suite.ts';

/** What every engine must do: its kernels and gradients, models' losses and gradients, writing, the same bits each time, refusals. */
export function describeEngine(engine: () => Engine): void {
  describeKernels(engine);
  describeTransformersParity(computeOn(engine), { absolute: 1e-4, gradient: 1e-4 });
  describeGreedyParity(engine);
  describeRepeatability(engine);
  describeSharing(engine);
  describeRefusals(engine);
}

/** Holds an engine to another one: models operator by operator, and a run of 200 steps of the size of nano. */
export function describeAgreement(engine: () => Engine, other: () => Engine): void {
  describe('agrees with ONNX Runtime', () => {
    test.each(gptModelTypes)('in every result of a training step of model type %s', async (modelType) => {
      const shape = resolveGptShape(
        gptConfigurationSchema.parse({
          modelType,
          contextLength: 32,
          hiddenSize: 64,
          layers: 2,
          heads: 4,
          ...(modelType === 'gpt2' ? {} : { keyValueHeads: 2 }),
        }),
        23,
      );
      const { graph, inputs } = trainingCase(shape, { microBatchSize: 4, sequenceLength: 32 });
      expect(await firstParting(graph, inputs, computeOn(engine), computeOn(other), 1e-4)).toBeUndefined();
    });

    test('after 200 steps of nano: the losses end within 1 %', async () => {
      const run = async (trained: Engine) =>
        runTiny({
          engine: trained,
          folder: await temporaryFolder(),
          model: { contextLength: 64, hiddenSize: 128, layers: 4, heads: 4 },
          training: {
            steps: 200,
            batchSize: 12,
            microBatchSize: 12,
            learningRate: 1e-3,
            warmupSteps: 50,
            evaluationInterval: 100,
          },
        });
      const [own, theirs] = [await run(engine()), await run(other())];
      expect(own.losses).toHaveLength(200);
      const mean = (losses: typeof own.losses): number =>
        losses.slice(-10).reduce((sum, [, loss]) => sum + loss, 0) / 10;
      expect(Math.abs(mean(own.losses) / mean(theirs.losses) - 1)).toBeLessThan(0.01);
      // The first step differs by rounding alone.
      expect(Math.abs(own.losses[0]![1] / theirs.losses[0]![1] - 1)).toBeLessThan(1e-5);
    });
  });
}
