import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { resolveModelShape } from '../../../shared/models/registry.ts';
import type { RunRow } from '../store/runs.ts';

/**
 * The shape of the model that a run trains.
 * @param tokenizer the run's own: a model that was taken over may know more tokens than its tokenizer has
 */
export function shapeOfRun(
  { configuration, provenance }: Pick<RunRow, 'configuration' | 'provenance'>,
  tokenizer: { readonly vocabularySize: number },
): ModelShape {
  const { vocabularySize = tokenizer.vocabularySize, labels } = provenance;
  return resolveModelShape(configuration.model, {
    vocabularySize,
    ...(labels === undefined ? {} : { labels }),
  });
}
