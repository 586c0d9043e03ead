import type { ImportInput } from '../../../shared/datasets/import.ts';
import type { DatasetSummary } from '../../../shared/datasets/dataset.ts';
import { findCheckpoint } from '../checkpoints/find-checkpoint.ts';
import { importModel } from '../checkpoints/import-model.ts';
import { describeModel } from '../checkpoints/model-card.ts';
import { describeStart } from '../training/planned-start.ts';
import { previewEvaluation } from '../evaluations/evaluations.ts';
import { previewPrompt } from '../chats/preview-prompt.ts';
import { lowerPriority } from '../processes/priority.ts';
import { serveWorker } from '../processes/worker-server.ts';
import { openProject, type Project } from '../projects/projects.ts';
import { compareTokenizers } from '../tokenizers/compare-tokenizers.ts';
import { encodeText } from '../tokenizers/encode-text.ts';
import { importUploadedTokenizer } from '../tokenizers/import-tokenizer.ts';
import { importTokenizer } from '../tokenizers/tokenizers.ts';
import { readVocabulary } from '../tokenizers/vocabulary.ts';
import { withBundledSample } from '../datasets/bundled-sample.ts';
import { contentsOf, listDatasets, requireDataset } from '../datasets/dataset-rows.ts';
import { createCuratedDatasets, type CuratedDatasets } from '../datasets/documents/curated-dataset.ts';
import { ensureDocumentIndex } from '../datasets/document-indexes.ts';
import type { ReadingProcedures, ImportReport } from './reading-protocol.ts';
import { exportDataset, freeExportFile } from '../datasets/export-dataset.ts';
import { importDataset } from '../datasets/import-dataset.ts';
import { inspectFiles } from '../datasets/inspect-files.ts';
import { withTextsInUse } from '../datasets/texts-in-use.ts';
import { countTokens, estimateTokens } from '../tokenizers/token-counts.ts';

interface OpenInWorker {
  readonly project: Project;
  readonly datasets: CuratedDatasets;
}

const open = new Map<string, OpenInWorker>();

/** The project in a folder; it stays open for as long as the worker lives. */
function inProject(folder: string): OpenInWorker {
  const known = open.get(folder);
  if (known !== undefined) return known;
  const project = openProject(folder);
  const opened = { project, datasets: createCuratedDatasets(project) };
  open.set(folder, opened);
  return opened;
}

const datasetsOf = (folder: string): CuratedDatasets => inProject(folder).datasets;

/**
 * The process that reads files, foreign models and tokenizers among them, and knows a project's documents. One answers questions for as long as the project is open;
 * each import, and whatever else takes long, has one of its own.
 */
serveWorker<ReadingProcedures>({
  import: ({ project, input }, { signal, emit }) => {
    lowerPriority();
    return importInWorker(inProject(project), input, emit, signal);
  },
  inspect: ({ project, origin }) =>
    withBundledSample(origin.sample, (paths) =>
      inspectFiles(inProject(project).project, { ...origin, paths: [...origin.paths, ...paths] }),
    ),
  makeIndex: async ({ project: folder, dataset }, { signal, emit }) => {
    lowerPriority();
    const { project } = inProject(folder);
    const row = requireDataset(project, dataset);
    await withTextsInUse(project, row.id, 'the reading of its documents', () =>
      ensureDocumentIndex(project, contentsOf(project, row), { signal, onProgress: emit }),
    );
    return null;
  },
  countTokens: async ({ project: folder, dataset, tokenizer }, { signal, emit }) => {
    lowerPriority();
    const { project, datasets } = inProject(folder);
    const total = await datasets.use(dataset, async ({ effects }) => effects.included, signal);
    await countTokens(project, dataset, tokenizer, {
      signal,
      onProgress: (documents) => emit({ documents, total }),
    });
    return null;
  },
  documents: ({ project, dataset, query, ...range }, { signal }) =>
    datasetsOf(project).window(dataset, query, range, signal),
  document: ({ project, dataset, key }, { signal }) => datasetsOf(project).document(dataset, key, signal),
  statistics: ({ project, dataset }, { signal }) => datasetsOf(project).statistics(dataset, signal),
  exportDataset: async ({ project: folder, dataset, format }, { signal }) => {
    const { project } = inProject(folder);
    return exportDataset(project, dataset, {
      file: await freeExportFile(project, dataset, format),
      format,
      signal,
    });
  },
  recipe: ({ project, dataset }, { signal }) => datasetsOf(project).recipe(dataset, signal),
  tryStep: ({ project, dataset, step, position }, { signal }) =>
    datasetsOf(project).tryStep(dataset, step, position, signal),
  tokens: async ({ project: folder, dataset, tokenizer }, { signal }) => {
    const { project, datasets } = inProject(folder);
    return datasets.use(dataset, (documents) => estimateTokens(project, documents, tokenizer), signal);
  },
  encodeText: ({ project, tokenizer, text }) => encodeText(inProject(project).project, tokenizer, text),
  previewPrompt: ({ project, ...prompt }) => previewPrompt(inProject(project).project, prompt),
  compareTokenizers: ({ project, names, text }) =>
    compareTokenizers(inProject(project).project, names, { kind: 'text', text }),
  vocabulary: ({ project, tokenizer, ...page }) =>
    readVocabulary(inProject(project).project, tokenizer, page),
  describeModel: async ({ project, reference }) =>
    describeModel(await findCheckpoint(inProject(project).project, reference)),
  describeStart: ({ project, reference }) => describeStart(inProject(project).project, reference),
  importModel: ({ project, folder, name }, { signal, emit }) => {
    lowerPriority();
    return importModel(inProject(project).project, { folder, name, signal, onProgress: emit });
  },
  previewEvaluation: async ({ project: folder, reference, dataset }) => {
    const { project } = inProject(folder);
    return previewEvaluation(project, await findCheckpoint(project, reference), dataset);
  },
  importTokenizer: ({ project, name, from }) =>
    from.kind === 'path'
      ? importTokenizer(inProject(project).project, name, from.path)
      : importUploadedTokenizer(inProject(project).project, name, from.ids),
});

async function importInWorker(
  { project, datasets }: OpenInWorker,
  {
    paths,
    uploads,
    sample,
    name,
    mode,
    keepInPlace,
    columns,
    leaveOutBadRecords,
    headings,
    delimiter,
    quoting,
    encoding,
    list,
    recipeOf,
    leftOut,
  }: ImportInput,
  emit: (report: ImportReport) => void,
  signal: AbortSignal,
): Promise<DatasetSummary> {
  const notice = (sentence: string): void => emit({ type: 'notice', sentence });
  const tellLeftOut = (file: ImportInput['leftOut'][number]): void =>
    notice(`${file.name} was left out: ${file.reason}`);
  await withBundledSample(sample, (samplePaths) =>
    importDataset(project, {
      name,
      paths: [...paths, ...samplePaths],
      uploads,
      replace: mode === 'replace',
      append: mode === 'append',
      // The sample's files are gone afterwards.
      keepInPlace: keepInPlace && sample === undefined,
      leaveOutBadRecords,
      withIndex: true,
      signal,
      ...(columns === undefined ? {} : { columns }),
      choices: { headings, delimiter, quoting, encoding, list },
      ...(recipeOf === undefined ? {} : { recipeOf }),
      onProgress: (progress) => emit({ type: 'progress', progress }),
      onLeftOut: tellLeftOut,
      onNotice: notice,
    }),
  );
  leftOut.forEach(tellLeftOut);
  // Counts the documents that the recipe keeps, for the list.
  await datasets.use(name, async () => undefined, signal).catch(() => undefined);
  const imported = listDatasets(project).find((dataset) => dataset.name === name);
  if (imported === undefined) throw new Error('The dataset that was imported is not there.');
  return imported;
}
