import type { ModelSummary } from '../../shared/checkpoints/checkpoint.ts';

/** How a model is called in lists: by the name that a person gave it, else by its run and step or its own name. */
export function modelName({
  label,
  reference,
  origin,
}: Pick<ModelSummary, 'label' | 'reference' | 'origin'>): string {
  return label ?? (origin.kind === 'imported' ? origin.name : reference);
}

/** The model that a reference means, where it is RUN, RUN@best or RUN@last too. */
export function findModel(models: readonly ModelSummary[], reference: string): ModelSummary | undefined {
  const exact = models.find((model) => model.reference === reference);
  if (exact !== undefined) return exact;
  const [run, place = 'best'] = reference.split('@', 2);
  const ofRun = models.filter(({ origin }) => origin.kind === 'run' && origin.run === run);
  const best = ofRun.find(({ origin }) => origin.kind === 'run' && origin.best);
  const last = ofRun.find(({ origin }) => origin.kind === 'run' && origin.last);
  if (place === 'best') return best ?? last;
  return place === 'last' ? last : undefined;
}

/** The model to begin with: the best checkpoint of the newest run, else the newest model. */
export function usualModel(models: readonly ModelSummary[]): ModelSummary | undefined {
  return models.find(({ origin }) => origin.kind === 'run' && origin.best) ?? models[0];
}
