import { withProject } from '../implement.ts';
import { prepare } from '../jobs/prepare.ts';
import { compareTokenizers } from './compare-tokenizers.ts';
import { encodeText } from './encode-text.ts';
import { importUploadedTokenizer } from './import-tokenizer.ts';
import { deleteTokenizer, describeTokenizer, importTokenizer, listTokenizers } from './tokenizers.ts';
import { startTokenizerTraining } from './train-tokenizer-job.ts';
import { readVocabulary } from './vocabulary.ts';

const { tokenizers } = withProject;

export const tokenizersProcedures = {
  list: tokenizers.list.handler(({ context }) =>
    Promise.all(listTokenizers(context.project).map(({ name }) => describeTokenizer(context.project, name))),
  ),
  show: tokenizers.show.handler(({ context, input }) => describeTokenizer(context.project, input.name)),
  train: tokenizers.train.handler(({ context, input }) => ({
    job: startTokenizerTraining(context.project, context.jobs, context.studio.launcher, input).id,
  })),
  import: tokenizers.import.handler(({ context, input: { name, from } }) =>
    from.kind === 'path'
      ? importTokenizer(context.project, name, from.path)
      : importUploadedTokenizer(context.project, name, from.ids),
  ),
  encode: tokenizers.encode.handler(({ context, input }) =>
    encodeText(context.project, input.name, input.text),
  ),
  compare: tokenizers.compare.handler(({ context, input }) =>
    // A text is short and compared while it is typed; a dataset may first have to be read through.
    input.sample.kind === 'text'
      ? compareTokenizers(context.project, input.names, input.sample)
      : prepare(context.studio.launcher, 'compareTokenizers', {
          project: context.project.folder,
          names: input.names,
          dataset: input.sample.dataset,
        }),
  ),
  vocabulary: tokenizers.vocabulary.handler(({ context, input: { name, ...page } }) =>
    readVocabulary(context.project, name, page),
  ),
  delete: tokenizers.delete.handler(({ context, input }) => deleteTokenizer(context.project, input.name)),
};
