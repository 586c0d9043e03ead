import { openEngine } from '../engines/open-engine.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { encodeDataset } from '../datasets/encoded-datasets.ts';
import { openProject, type Project } from '../projects/projects.ts';
import { branchRun } from '../runs/branch-run.ts';
import { createRun } from '../runs/create-run.ts';
import { compareTokenizers } from '../tokenizers/compare-tokenizers.ts';
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

/** The process that learns tokenizers, encodes datasets and measures configurations: each uses cores while it lasts. */
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
  branchRun: ({ project, ...options }, { signal }) =>
    inProject(project, (open) => branchRun(open, { ...options, signal })),
  encodeForModel: ({ project, datasetId, model: folder, data }, { signal, emit }) =>
    inProject(project, async (open) => {
      const model = await openModelFolder(folder);
      await model.close();
      const { hash, folder: tokens } = await encodeDataset(open, datasetId, model.tokenizer, data, {
        signal,
        onProgress: emit,
      });
      return { hash, folder: tokens, tokenizer: model.tokenizer.hash, notes: model.notes };
    }),
  compareTokenizers: ({ project, names, dataset }) =>
    inProject(project, (open) => compareTokenizers(open, names, { kind: 'dataset', dataset })),
  measure: async ({ shape, training, engine: name, threads }, { signal }) => {
    const { measureConfiguration } = await import('../../llm/training/measure-configuration.ts');
    const { requireObjective } = await import('../../llm/objectives/registry.ts');
    const engine = await openEngine(name, threads);
    try {
      return await measureConfiguration({
        engine,
        shape,
        objective: requireObjective('next-token'),
        configuration: training,
        signal,
        clock: () => performance.now() / 1000,
      });
    } finally {
      await engine.dispose();
    }
  },
});
