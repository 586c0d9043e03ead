import { openProject, type Project } from '../projects/projects.ts';
import { createRun } from '../runs/runs.ts';
import { trainProjectTokenizer } from '../tokenizers/tokenizers.ts';
import type { PreparationProcedures } from './preparation-protocol.ts';
import { lowerPriority } from './priority.ts';
import { serveWorker } from './worker-server.ts';

async function inProject<Result>(
  folder: string,
  work: (project: Project) => Promise<Result>,
): Promise<Result> {
  const project = openProject(folder);
  try {
    return await work(project);
  } finally {
    project.close();
  }
}

lowerPriority();

/** The process that learns tokenizers and encodes datasets: they use a core for as long as they last. */
serveWorker<PreparationProcedures>({
  trainTokenizer: ({ project, ...options }, { signal, emit }) =>
    inProject(project, (open) =>
      trainProjectTokenizer(open, {
        ...options,
        signal,
        onProgress: (progress) => emit({ type: 'progress', progress }),
        onNotice: (message) => emit({ type: 'notice', message }),
      }),
    ),
  createRun: ({ project, ...options }, { signal, emit }) =>
    inProject(project, (open) => createRun(open, { ...options, signal, onProgress: emit })),
});
