import type { EvaluationSplit, Familiarity } from '../../../shared/evaluations/evaluation.ts';
import { dataConfigurationSchema, type DataConfiguration } from '../../../shared/runs/configuration.ts';
import type { Provenance } from '../../../shared/runs/run.ts';
import type { Project } from '../projects/projects.ts';
import { findRunRow } from '../store/runs.ts';

/** How a dataset relates to the one that a model was trained on. */
export type TrainingOverlap =
  /** The same texts, kept aside in the same way: the validation part is new to the model. */
  | 'same'
  /** Some or all of its files were in the training data, but not as the same dataset or not with the same parts. */
  | 'some'
  /** None of its files were in the training data. */
  | 'none'
  /** The model's folder has no record of what it was trained on. */
  | 'unknown';

/** How the training data were parted: as the run says that a checkpoint comes from, where this project has it. */
export function partingOf(project: Project, provenance: Provenance | undefined): DataConfiguration {
  const run = provenance === undefined ? undefined : findRunRow(project.store, provenance.run);
  return run !== undefined && run.provenance.tokens === provenance?.tokens
    ? run.configuration.data
    : dataConfigurationSchema.parse({});
}

/**
 * Compares a dataset with the training data, file by file.
 * @param sources content hashes of the dataset's files.
 * @param tokens the name under which the dataset's tokens are kept (`tokensHash`).
 */
export function trainingOverlapOf(
  provenance: Provenance | undefined,
  sources: readonly string[],
  tokens: string,
): TrainingOverlap {
  if (provenance === undefined) return 'unknown';
  if (provenance.tokens === tokens) return 'same';
  const trained = new Set(provenance.dataset.sources.map(({ hash }) => hash));
  return sources.some((hash) => trained.has(hash)) ? 'some' : 'none';
}

/** Whether a dataset is of the very files that a model was trained on, whatever its recipe makes of them. */
export function hasSameFiles(provenance: Provenance | undefined, sources: readonly string[]): boolean {
  if (provenance === undefined) return false;
  const trained = new Set(provenance.dataset.sources.map(({ hash }) => hash));
  return new Set(sources).size === trained.size && sources.every((hash) => trained.has(hash));
}

/** What a measurement of one part of a dataset was made on, as the model sees it. */
export function familiarityOf(overlap: TrainingOverlap, split: EvaluationSplit): Familiarity {
  switch (overlap) {
    case 'same':
      return ({ validation: 'keptAside', train: 'trainedOn', all: 'partlyTrainedOn' } as const)[split];
    case 'some':
      return 'partlyTrainedOn';
    case 'none':
      return 'new';
    case 'unknown':
      return 'unknown';
    default:
      return overlap satisfies never;
  }
}
