import type { Selectable } from 'kysely';
import { figureValuesSchema, type FigureValues } from '../../../shared/objectives/objective.ts';
import type { Store } from './store.ts';
import type { EvaluationTable } from './tables.ts';

/** Figures as a row holds them. */
export const parseFigures = (json: string): FigureValues => figureValuesSchema.parse(JSON.parse(json));

type NewEvaluation = Readonly<Omit<Selectable<EvaluationTable>, 'id' | 'sequence'>>;

/** Keeps an evaluation that somebody asked for. @returns its number. */
export function insertEvaluation(store: Store, evaluation: NewEvaluation): number {
  return Number(
    store.run(store.query.insertInto('evaluations').values({ ...evaluation, sequence: null }))
      .lastInsertRowid,
  );
}

/** Deletes an evaluation that somebody asked for; those that a run made stay with it. */
export function deleteRequestedEvaluation(store: Store, id: number): void {
  store.run(store.query.deleteFrom('evaluations').where('id', '=', id).where('sequence', 'is', null));
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
