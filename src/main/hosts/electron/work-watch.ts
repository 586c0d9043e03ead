import type { Job } from '../../../shared/jobs/job.ts';
import type { Studio } from '../../studio/studio.ts';
import { words } from './words.ts';

/** What the work under way means for what the system shows. */
export interface WorkState {
  /** Titles of all that this host does now. */
  readonly active: readonly string[];
  /** Runs that ended since the last look and that no person stopped. */
  readonly endedRuns: readonly WatchedJob[];
  /** How far the runs that train are, from 0 to 1; undefined while none trains, or none says. */
  readonly trainingProgress: number | undefined;
  readonly isTraining: boolean;
}

export interface WatchedJob {
  readonly project: string;
  readonly job: Job;
}

/** Looks at the jobs of the projects that are open, and tells what changed since it looked last. */
export function createWorkWatch(studio: Studio): { readonly look: () => WorkState } {
  /** Training that was seen under way, by project and id. */
  let training: ReadonlyMap<string, WatchedJob> = new Map();
  const key = ({ project, job }: WatchedJob): string => `${job.id} ${project}`;
  return {
    look: () => {
      const runs = jobsUnderWay(studio).filter(({ job }) => job.kind === 'training');
      const endedRuns = [...training]
        .filter(([name]) => !runs.some((watched) => key(watched) === name))
        .flatMap(([, seen]) => showEnded(studio, seen));
      training = new Map(runs.map((watched) => [key(watched), watched]));
      const shares = runs.flatMap(({ job: { progress } }) =>
        progress?.done === undefined || progress.total === undefined ? [] : [progress.done / progress.total],
      );
      return {
        active: workUnderWay(studio),
        endedRuns,
        isTraining: runs.length > 0,
        trainingProgress:
          shares.length === 0 ? undefined : Math.min(1, shares.reduce((a, b) => a + b, 0) / shares.length),
      };
    },
  };
}

/** Titles of all that this host does now: the jobs of its projects, and work on engines, which belongs to none. */
export function workUnderWay(studio: Studio): readonly string[] {
  const engines = studio.engines.current();
  return [
    ...jobsUnderWay(studio).map(({ job }) => job.title),
    ...(engines?.status === 'running' ? [words.engineWork[engines.kind]] : []),
  ];
}

function jobsUnderWay(studio: Studio): readonly WatchedJob[] {
  return studio
    .openProjects()
    .filter(({ jobs }) => jobs.active() > 0)
    .flatMap(({ project, jobs }) => jobs.underWay().map((job) => ({ project: project.folder, job })));
}

/** A job as it ended, unless a person ended it. */
function showEnded(studio: Studio, { project, job }: WatchedJob): readonly WatchedJob[] {
  const board = studio.openProjects().find((open) => open.project.folder === project)?.jobs;
  const ended = board?.list().find(({ id }) => id === job.id);
  return ended?.status === 'completed' || ended?.status === 'failed' ? [{ project, job: ended }] : [];
}
