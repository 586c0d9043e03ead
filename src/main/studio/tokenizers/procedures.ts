import { withProject } from '../implement.ts';
import { prepare } from '../jobs/prepare.ts';
import { requireShortText } from './encode-text.ts';
import { deleteTokenizer, describeTokenizer, listTokenizers, requireTokenizer } from './tokenizers.ts';
import { startTokenizerTraining } from './train-tokenizer-job.ts';

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
    context.documents.ask('importTokenizer', { name, from }),
  ),
  encode: tokenizers.encode.handler(({ context, input: { name, text } }) => {
    requireTokenizer(context.project, name);
    requireShortText(text);
    return context.documents.ask('encodeText', { tokenizer: name, text });
  }),
  compare: tokenizers.compare.handler(({ context, input }) =>
    // A text is short and compared while it is typed; a dataset may first have to be read through.
    input.sample.kind === 'text'
      ? context.documents.ask('compareTokenizers', { names: input.names, text: input.sample.text })
      : prepare(context.studio.launcher, 'compareTokenizers', {
          project: context.project.folder,
          names: input.names,
          dataset: input.sample.dataset,
        }),
  ),
  vocabulary: tokenizers.vocabulary.handler(({ context, input: { name, ...page } }) =>
    context.documents.ask('vocabulary', { tokenizer: name, ...page }),
  ),
  delete: tokenizers.delete.handler(({ context, input }) => deleteTokenizer(context.project, input.name)),
};
