import { trainedSettings } from '../../../shared/runs/configuration.ts';
import { openEngine } from '../engines/open-engine.ts';
import { withOpenProject } from '../projects/projects.ts';
import { branchRun } from './branch-run.ts';
import { createRun } from './create-run.ts';
import type { PreparationProcedures } from './preparation-protocol.ts';
import { lowerPriority } from '../processes/priority.ts';
import { serveWorker } from '../processes/worker-server.ts';

lowerPriority();

/** The process that prepares runs and measures configurations: it uses cores while it lasts. */
serveWorker<PreparationProcedures>({
  createRun: ({ project, ...options }, { signal, emit }) =>
    withOpenProject(project, (open) => createRun(open, { ...options, signal, onProgress: emit })),
  branchRun: ({ project, ...options }, { signal, emit }) =>
    withOpenProject(project, (open) => branchRun(open, { ...options, signal, onNotice: emit })),
  measure: async ({ objective, shape, training, engine: name, threads }, { signal }) => {
    const { measureConfiguration } = await import('../../llm/training/measure-configuration.ts');
    const { trainedPart } = await import('../../llm/training/trained-part.ts');
    const { parametersOf } = await import('../../llm/models/registry.ts');
    const { loadObjective } = await import('../../llm/objectives/registry.ts');
    const engine = await openEngine(name, threads);
    try {
      return await measureConfiguration({
        engine,
        shape,
        objective: await loadObjective(objective),
        configuration: training,
        trains: trainedPart(parametersOf(shape), trainedSettings(training)),
        signal,
        clock: () => performance.now() / 1000,
      });
    } finally {
      await engine.dispose();
    }
  },
});
