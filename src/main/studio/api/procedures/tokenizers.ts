import { withProject } from '../implement.ts';
import { withWorker, type WorkerClient } from '../../processes/worker-client.ts';
import type { TokenizersProcedures } from '../../tokenizers/tokenizers-protocol.ts';
import { requireShortText } from '../../tokenizers/encode-text.ts';
import {
  deleteTokenizer,
  describeTokenizer,
  listTokenizers,
  requireTokenizer,
} from '../../tokenizers/tokenizers.ts';
import { startTokenizerTraining } from '../../tokenizers/train-tokenizer-job.ts';

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
    context.reading.ask('importTokenizer', { name, from }),
  ),
  encode: tokenizers.encode.handler(({ context, input: { name, text } }) => {
    requireTokenizer(context.project, name);
    requireShortText(text);
    return context.reading.ask('encodeText', { tokenizer: name, text });
  }),
  compare: tokenizers.compare.handler(({ context, input: { names, sample } }) =>
    // A text is short and compared while it is typed; a dataset may first have to be read through.
    sample.kind === 'text'
      ? context.reading.ask('compareTokenizers', { names, text: sample.text })
      : withWorker(
          context.studio.launcher('tokenizers'),
          'tokenizer comparison',
          (worker: WorkerClient<TokenizersProcedures>) =>
            worker.call('compare', { project: context.project.folder, names, dataset: sample.dataset }),
        ),
  ),
  vocabulary: tokenizers.vocabulary.handler(({ context, input: { name, ...page } }) =>
    context.reading.ask('vocabulary', { tokenizer: name, ...page }),
  ),
  delete: tokenizers.delete.handler(({ context, input }) => deleteTokenizer(context.project, input.name)),
};
