import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { OpenExamples } from '../../llm/objectives/example-format.ts';
import type { Objective } from '../../llm/objectives/objective.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import { findDatasetVersion, requireTexts } from '../datasets/dataset-rows.ts';
import { encodeDataset } from '../datasets/encoded-datasets.ts';
import { startFolder } from './start-folder.ts';
import type { Project } from '../projects/projects.ts';
import { readDatasetRow } from '../store/datasets.ts';
import type { RunRow } from '../store/runs.ts';

/**
 * Opens the tokens that a run trains on. Where their folder is gone (it is made from the texts, and may be deleted to make
 * room), the version of the dataset that the run trains on is encoded again, to the same tokens.
 * @throws LoamError when the texts were deleted, or the dataset no longer holds that version; what reading them throws
 */
export async function openTokensOfRun(
  project: Project,
  run: RunRow,
  objective: Objective,
  tokenizer: Tokenizer,
  { signal, onNotice }: { readonly signal: AbortSignal; readonly onNotice: (message: string) => void },
): Promise<OpenExamples> {
  const dataset = readDatasetRow(project.store, run.datasetId);
  if (dataset !== undefined) requireTexts(dataset);
  const folder = project.paths.tokens(run.tokensHash);
  if (!existsSync(join(folder, 'index.json'))) {
    const version = findDatasetVersion(project, run.datasetId, run.provenance.dataset.hash);
    const encoded =
      version === undefined
        ? undefined
        : await encodeDataset(project, run.datasetId, tokenizer, run.configuration.data, {
            signal,
            version,
            objective: objective.declaration.name,
            labels: run.provenance.labels,
            modelFolder: startFolder(project.paths.run(run.name)),
            contextLength: run.configuration.model.contextLength,
          });
    if (encoded?.hash !== run.tokensHash)
      throw new LoamError({
        kind: 'input',
        where: folder,
        what: `The tokens that run '${run.name}' trains on are gone, and the dataset '${run.datasetName}' no longer holds the texts that they were made from.`,
        remedy: 'Put the folder back from a copy, or begin a new run on the dataset as it is now.',
      });
    onNotice('The tokens of its text were gone and were made again from the sources; they are the same.');
  }
  return objective.examples.open(folder);
}
