import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { RunEstimate } from '../../../shared/runs/estimate.ts';
import { architectureOf } from '../../llm/models/registry.ts';

/** How many values a model of this shape learns, by part. The output layer counts with the embeddings. */
export function estimateParameters(shape: ModelShape): RunEstimate['parameters'] {
  const { embedding, attention, feedForward, normalization, output } =
    architectureOf(shape).countParameters(shape);
  const embeddings = embedding + output;
  return {
    total: embeddings + attention + feedForward + normalization,
    embeddings,
    attention,
    feedForward,
    norms: normalization,
  };
}
