import type { Selectable } from 'kysely';
import type { Store } from './store.ts';
import type { EvaluationTable } from './tables.ts';

type NewEvaluation = Readonly<Omit<Selectable<EvaluationTable>, 'id' | 'sequence'>>;

/** Keeps an evaluation that somebody asked for. */
export function insertEvaluation(store: Store, evaluation: NewEvaluation): void {
  store.run(store.query.insertInto('evaluations').values({ ...evaluation, sequence: null }));
}

/** The evaluations that somebody asked for, newest first. */
export function listRequestedEvaluations(store: Store) {
  return store.all(
    store.query
      .selectFrom('evaluations')
      .leftJoin('runs', 'runs.id', 'evaluations.runId')
      .leftJoin('datasets', 'datasets.id', 'evaluations.datasetId')
      .selectAll('evaluations')
      .select(['runs.name as runName', 'datasets.name as datasetName'])
      .where('evaluations.sequence', 'is', null)
      .orderBy('evaluations.id', 'desc'),
  );
}
