import type { HostTensor } from '../../../../src/main/llm/graph/types.ts';
import { gptParameters } from '../../../../src/main/llm/models/gpt/parameters.ts';
import { initializeParameters } from '../../../../src/main/llm/models/initialize-parameters.ts';
import { nextToken } from '../../../../src/main/llm/objectives/next-token/objective.ts';
import {
  buildTrainingGraph,
  type TrainingGraphOptions,
} from '../../../../src/main/llm/objectives/training-graph.ts';
import type { GptShape } from '../../../../src/shared/models/gpt-configuration.ts';

/** A training graph of a model without dropout, and tensors for its inputs. */
export function trainingCase(
  shape: GptShape,
  options: Pick<TrainingGraphOptions, 'microBatchSize' | 'sequenceLength'>,
) {
  const rows = [options.microBatchSize, options.sequenceLength];
  const count = options.microBatchSize * options.sequenceLength;
  const ids = (factor: number): HostTensor => ({
    dtype: 'int64',
    shape: rows,
    data: BigInt64Array.from({ length: count }, (_, i) =>
      BigInt((i * i * factor + i) % shape.vocabularySize),
    ),
  });
  const inputs: Readonly<Record<string, HostTensor>> = {
    input_ids: ids(3),
    targets: ids(5),
    loss_weights: { dtype: 'float32', shape: rows, data: new Float32Array(count).fill(1 / count) },
    ...Object.fromEntries(
      [...initializeParameters(gptParameters(shape), 1)].map(({ name, data }, index) => [
        name,
        { dtype: 'float32', shape: gptParameters(shape)[index]!.shape, data } as const,
      ]),
    ),
  };
  const graph = buildTrainingGraph(nextToken, shape, {
    ...options,
    lossChunks: 2,
    gradientCheckpointing: false,
    accumulate: false,
  });
  return { graph, inputs };
}
