import { withProject } from '../implement.ts';
import { removeUpload } from '../../uploads/uploads.ts';
import { requireDataset } from '../../datasets/dataset-rows.ts';
import { deleteDataset, describeDeletion, listDatasets, showDataset } from '../../datasets/datasets.ts';
import { deleteTexts, describeTextsDeletion } from '../../datasets/delete-texts.ts';
import { changeRecipe, historyOf } from '../../datasets/recipes.ts';
import { removeFiles } from '../../datasets/sources-of-dataset.ts';
import { requireImportable } from '../../datasets/require-importable.ts';

const { datasets } = withProject;

export const datasetsProcedures = {
  list: datasets.list.handler(({ context }) => [...listDatasets(context.project)]),
  show: datasets.show.handler(({ context, input }) => showDataset(context.project, input.name)),

  inspect: datasets.inspect.handler(({ context, input, signal }) =>
    context.reading.ask('inspect', { origin: input }, signal),
  ),
  import: datasets.import.handler(({ context, input }) => {
    requireImportable(context.project, input);
    return { job: context.reading.import(input) };
  }),
  discardUploads: datasets.discardUploads.handler(async ({ context, input }) => {
    for (const upload of input.uploads) await removeUpload(context.project, upload);
  }),
  export: datasets.export.handler(({ context, input: { name, format }, signal }) =>
    context.reading.askAbout('exportDataset', { dataset: name, format }, signal),
  ),
  removeFiles: datasets.removeFiles.handler(({ context, input }) => removeFiles(context.project, input)),
  deletion: datasets.deletion.handler(({ context, input }) => describeDeletion(context.project, input.name)),
  delete: datasets.delete.handler(({ context, input }) => deleteDataset(context.project, input.name)),

  textsDeletion: datasets.textsDeletion.handler(({ context, input }) =>
    describeTextsDeletion(context.project, input.name),
  ),
  deleteTexts: datasets.deleteTexts.handler(({ context, input }) => deleteTexts(context.project, input.name)),

  prepare: datasets.prepare.handler(({ context, input }) => ({
    job: context.reading.prepare(input.name) ?? null,
  })),
  documents: datasets.documents.handler(({ context, input: { name, ...rest }, signal }) =>
    context.reading.askAbout('documents', { dataset: name, ...rest }, signal),
  ),
  document: datasets.document.handler(({ context, input: { name, key }, signal }) =>
    context.reading.askAbout('document', { dataset: name, key }, signal),
  ),
  statistics: datasets.statistics.handler(({ context, input, signal }) =>
    context.reading.askAbout('statistics', { dataset: input.name }, signal),
  ),

  recipe: datasets.recipe.handler(async ({ context, input, signal }) => {
    const { version, steps } = await context.reading.askAbout('recipe', { dataset: input.name }, signal);
    return {
      version,
      steps: [...steps],
      ...historyOf(context.project, requireDataset(context.project, input.name)),
    };
  }),
  changeRecipe: datasets.changeRecipe.handler(({ context, input }) => ({
    version: changeRecipe(context.project, input),
  })),
  tryStep: datasets.tryStep.handler(async ({ context, input: { name, step, position }, signal }) => {
    const { effect, examples, replacements } = await context.reading.askAbout(
      'tryStep',
      { dataset: name, step, ...(position === undefined ? {} : { position }) },
      signal,
    );
    return { effect, examples: [...examples], replacements: [...replacements] };
  }),

  tokens: datasets.tokens.handler(({ context, input: { name, tokenizer }, signal }) =>
    context.reading.askAbout('tokens', { dataset: name, tokenizer }, signal),
  ),
  countTokens: datasets.countTokens.handler(({ context, input }) => ({
    job: context.reading.countTokens(input.name, input.tokenizer),
  })),
};
