import { useState } from 'react';
import { cannotDo, type ModelTask } from '../../shared/models/model-task.ts';
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

/**
 * Why a model is not to be used, as a sentence; undefined where it can be.
 * @param tasks any of which is enough. Default: whatever it can do
 */
export function refusalOf(
  model: Pick<ModelSummary, 'tasks'> | undefined,
  tasks: readonly ModelTask[] = [],
): string | undefined {
  const [first] = tasks;
  if (model === undefined || first === undefined) return undefined;
  return tasks.some((task) => model.tasks.includes(task)) ? undefined : cannotDo(first, model.tasks);
}

/**
 * The model to begin with, of those that can do one of the tasks: the best checkpoint of the best run that is done, or else
 * of one that rests. One that still trains has better ones to come. Among runs of a kind the lowest validation loss is the
 * best; else the newest model is.
 */
export function usualModel(
  models: readonly ModelSummary[],
  tasks?: readonly ModelTask[],
): ModelSummary | undefined {
  const able = models.filter((model) => refusalOf(model, tasks) === undefined);
  const best = able.filter(({ origin }) => origin.kind === 'run' && origin.best);
  const [first] = best.toSorted(
    (a, b) => restOf(a) - restOf(b) || (a.loss ?? Infinity) - (b.loss ?? Infinity) || 0,
  );
  return first ?? able[0];
}

/** 0 for a model whose run is done, more for those that may change. */
function restOf({ origin }: ModelSummary): number {
  if (origin.kind === 'imported') return 0;
  switch (origin.status) {
    case 'completed':
    case 'stopped':
      return 0;
    case 'paused':
    case 'interrupted':
      return 1;
    case 'failed':
    case 'queued':
    case 'running':
      return 2;
  }
}

/** Of two choices of models, what one was found to be and keeps being. */
interface HeldModel {
  readonly wanted: string | undefined;
  readonly reference: string | undefined;
}

/**
 * The reference that a wish means, which then stays the same: "the best of a run" and "the usual model" are one checkpoint
 * now and another when a run gets further, and must not change under a person's hands.
 * @param held what it was found to be before. @param wanted undefined means the usual model of those that can do one of the tasks.
 */
export function holdModel(
  held: HeldModel | undefined,
  models: readonly ModelSummary[],
  wanted: string | undefined,
  tasks?: readonly ModelTask[],
): HeldModel {
  const stays =
    held !== undefined &&
    held.wanted === wanted &&
    models.some(({ reference }) => reference === held.reference);
  if (stays) return held;
  const found = wanted === undefined ? usualModel(models, tasks) : findModel(models, wanted);
  return { wanted, reference: found?.reference ?? wanted };
}

/** The reference of the model that a screen shows: see `holdModel`. */
export function useHeldModel(
  models: readonly ModelSummary[],
  wanted: string | undefined,
  tasks?: readonly ModelTask[],
): string | undefined {
  const [held, setHeld] = useState<HeldModel>();
  const next = holdModel(held, models, wanted, tasks);
  if (next.wanted !== held?.wanted || next.reference !== held?.reference) setHeld(next);
  return next.reference;
}
