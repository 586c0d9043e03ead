import type { CheckpointSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { fromStoredPath } from '../projects/paths.ts';
import type { Project } from '../projects/projects.ts';
import { listCheckpointRows } from '../store/checkpoints.ts';
import { currentRun } from './runs.ts';

/** A run's checkpoints, earliest first. */
export async function listCheckpoints(project: Project, run: string): Promise<readonly CheckpointSummary[]> {
  const { id } = await currentRun(project, run);
  return listCheckpointRows(project.store, id).map(({ step, folder, bytes, loss, best, createdAt }) => ({
    run,
    step,
    folder: fromStoredPath(project.folder, folder),
    bytes,
    ...(loss !== null && Number.isFinite(loss) ? { loss } : {}),
    best: best === 1,
    createdAt,
  }));
}
