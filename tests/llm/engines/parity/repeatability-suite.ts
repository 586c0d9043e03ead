import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../../src/main/llm/engines/engine.ts';
import type { HostTensor } from '../../../../src/main/llm/graph/types.ts';
import { gptDropoutMasks } from '../../../../src/main/llm/models/gpt/layers.ts';
import { gptParameters } from '../../../../src/main/llm/models/gpt/parameters.ts';
import { initializeParameters } from '../../../../src/main/llm/models/initialize-parameters.ts';
import { nextToken } from '../../../../src/main/llm/objectives/next-token/objective.ts';
import {
  buildTrainingGraph,
  type TrainingGraphOptions,
} from '../../../../src/main/llm/objectives/training-graph.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../../src/shared/models/gpt-configuration.ts';
import { gptModelTypes } from '../../../../src/shared/models/gpt-model-types.ts';
import { runOnEngine } from './run-graph.ts';

/** Large enough that kernels share their work between threads, with far more tokens than ids. */
const options: TrainingGraphOptions = {
  microBatchSize: 8,
  sequenceLength: 64,
  lossChunks: 2,
  gradientCheckpointing: false,
  accumulate: false,
};
const vocabularySize = 23;

/** Checks that a training step gives the same bits each time. */
export function describeRepeatability(engine: () => Engine): void {
  describe.each(gptModelTypes)('A training step of model type %s', (modelType) => {
    const shape = resolveGptShape(
      gptConfigurationSchema.parse({
        modelType,
        contextLength: 64,
        hiddenSize: 64,
        layers: 2,
        heads: 4,
        ...(modelType === 'gpt2' ? {} : { keyValueHeads: 2 }),
        dropout: 0.1,
      }),
      vocabularySize,
    );
    const rows = [options.microBatchSize, options.sequenceLength];
    const count = options.microBatchSize * options.sequenceLength;
    const ids = (factor: number): HostTensor => ({
      dtype: 'int64',
      shape: rows,
      data: BigInt64Array.from({ length: count }, (_, i) => BigInt((i * i * factor + i) % vocabularySize)),
    });
    const inputs: Readonly<Record<string, HostTensor>> = {
      input_ids: ids(3),
      targets: ids(5),
      loss_weights: { dtype: 'float32', shape: rows, data: new Float32Array(count).fill(1 / count) },
      ...Object.fromEntries(
        gptDropoutMasks(shape, options).map(({ name, shape: maskShape, place }) => [
          name,
          {
            dtype: 'float32',
            shape: maskShape,
            data: Float32Array.from({ length: maskShape.reduce((a, b) => a * b, 1) }, (_, i) =>
              (i * 31 + place * 7) % 10 === 0 ? 0 : 1 / 0.9,
            ),
          } as const,
        ]),
      ),
      ...Object.fromEntries(
        [...initializeParameters(gptParameters(shape), 1)].map(({ name, data }, index) => [
          name,
          { dtype: 'float32', shape: gptParameters(shape)[index]!.shape, data } as const,
        ]),
      ),
    };
    const gradientsOf = (changes: Partial<TrainingGraphOptions> = {}) =>
      runOnEngine(engine(), buildTrainingGraph(nextToken, shape, { ...options, ...changes }), inputs);

    test('gives bitwise the same loss and gradients when it is run again', async () => {
      const first = await gradientsOf();
      for (let run = 0; run < 3; run++) expect(differingTensors(await gradientsOf(), first)).toEqual([]);
      expect(Object.values(first).every(({ data }) => data.some((element) => element !== 0))).toBe(true);
    });

    test('gives bitwise the same loss and gradients with gradient checkpointing', async () => {
      const kept = await gradientsOf();
      const recomputed = await gradientsOf({ gradientCheckpointing: true });
      expect(differingTensors(recomputed, kept)).toEqual([]);
    });
  });
}

/** Names of the tensors that are not bitwise equal. */
function differingTensors(
  actual: Readonly<Record<string, HostTensor>>,
  expected: Readonly<Record<string, HostTensor>>,
): readonly string[] {
  const bits = ({ data }: HostTensor): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Object.keys(expected).filter((name) => !bits(actual[name]!).equals(bits(expected[name]!)));
}
