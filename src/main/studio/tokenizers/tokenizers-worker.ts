import { lowerPriority } from '../processes/priority.ts';
import { serveWorker } from '../processes/worker-server.ts';
import { withOpenProject } from '../projects/projects.ts';
import { compareTokenizers } from './compare-tokenizers.ts';
import type { TokenizersProcedures } from './tokenizers-protocol.ts';
import { trainProjectTokenizer } from './tokenizers.ts';

lowerPriority();

/** The process that learns tokenizers, and compares them on a dataset: it uses a core while it lasts. */
serveWorker<TokenizersProcedures>({
  train: ({ project: folder, ...options }, { signal, emit }) =>
    withOpenProject(folder, (project) =>
      trainProjectTokenizer(project, {
        ...options,
        signal,
        onProgress: (progress) => emit({ type: 'progress', progress }),
        onNotice: (message) => emit({ type: 'notice', message }),
      }),
    ),
  compare: ({ project: folder, names, dataset }) =>
    withOpenProject(folder, (project) => compareTokenizers(project, names, { kind: 'dataset', dataset })),
});
