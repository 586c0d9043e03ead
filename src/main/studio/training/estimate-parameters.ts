import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { RunEstimate } from '../../../shared/runs/estimate.ts';
import { architectureOf } from '../../llm/models/registry.ts';

/** How many values a model of this shape has, by part. The output layer counts with the embeddings. */
export function estimateParameters(shape: ModelShape): Omit<RunEstimate['parameters'], 'learning'> {
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
