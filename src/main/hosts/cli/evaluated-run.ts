import type { EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';
import { listEvaluations } from '../../studio/evaluations/evaluations.ts';
import type { Project } from '../../studio/projects/projects.ts';
import { showRun, type RunDetails } from '../../studio/runs/run-details.ts';

/** Everything about a run, as the command line shows it. */
export interface EvaluatedRun extends RunDetails {
  /** Those evaluations of its checkpoints that somebody asked for, newest first. */
  readonly requestedEvaluations: readonly EvaluationSummary[];
}

/** @throws LoamError when there is no such run. */
export async function showEvaluatedRun(project: Project, name: string): Promise<EvaluatedRun> {
  return {
    ...(await showRun(project, name)),
    requestedEvaluations: listEvaluations(project).filter(({ run }) => run === name),
  };
}
