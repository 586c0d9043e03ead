import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { requireTask, tasksOf } from '../../llm/models/tasks.ts';
import { declarationOf, objectiveForTasks } from '../../llm/objectives/registry.ts';
import { encodeDataset } from '../datasets/encoded-datasets.ts';
import { lowerPriority } from '../processes/priority.ts';
import { serveWorker } from '../processes/worker-server.ts';
import { withOpenProject } from '../projects/projects.ts';
import { evaluateModel } from './evaluate-model.ts';
import type { EvaluationProcedures } from './evaluation-protocol.ts';

/** The process that measures models, so that a crash of the engine's library takes nobody with it. */
serveWorker<EvaluationProcedures>({
  encode: ({ project: folder, datasetId, model: modelFolder, data, ...wanted }, { signal, emit }) => {
    lowerPriority();
    return withOpenProject(folder, async (project) => {
      const model = await openModelFolder(modelFolder);
      await model.close();
      // A model that cannot be measured is refused before anything is encoded.
      const objective = wanted.objective ?? objectiveForTasks(tasksOf(model.shape)).name;
      requireTask(model.shape, declarationOf(objective).task, modelFolder);
      const {
        hash,
        folder: tokens,
        counts,
      } = await encodeDataset(project, datasetId, model.tokenizer, data, {
        signal,
        objective,
        labels: model.shape.labels,
        modelFolder,
        contextLength: model.shape.contextLength,
        onProgress: emit,
      });
      return {
        objective,
        hash,
        folder: tokens,
        tokenizer: model.tokenizer.hash,
        notes: [...model.notes, ...(counts.notes ?? [])],
      };
    });
  },
  evaluate: (parameters, { signal, emit }) => evaluateModel(parameters, signal, emit),
  judge: async (parameters, { signal, emit }) => {
    const { judgeAnswers } = await import('./judge-answers.ts');
    return judgeAnswers(parameters, signal, emit);
  },
});
