import { LoamError } from '../../../shared/errors.ts';
import type { ChatMessage } from '../conversations/chat-message.ts';
import type { MarkedConversation } from '../conversations/mark-tokens.ts';
import { openExamples, readExampleIndex } from '../data/examples/open-examples.ts';
import type { ExampleSplit } from '../data/examples/open-part.ts';
import { writeExamples, type ExampleSink } from '../data/examples/write-examples.ts';
import type { TextDocument } from '../data/text-files.ts';
import { countsOfExamples, type ExampleFormat, type WriteExamplesOptions } from './example-format.ts';

/** The form, with a version that counts up when the same records would give other examples. */
export const markedConversations = 'marked-conversations-1';

/** The columns: a conversation in tokens, and for each token whether it is trained. */
export const conversationColumns = { text: 'text', trained: 'trained' } as const;

/** Conversations that are rendered in one go. */
const renderedAtOnce = 256;

/** Conversations as a model's own template writes them, with what is trained of each: the replies. */
export const markedConversationFormat: ExampleFormat<ExampleSplit> = {
  write: async (options) => {
    const { folder, tokenizer, split, signal } = options;
    const index = await writeExamples(
      {
        folder,
        form: markedConversations,
        tokenizerHash: tokenizer.hash,
        columns: [
          { name: conversationColumns.text, below: tokenizer.vocabularySize, values: 'many' },
          { name: conversationColumns.trained, below: 2, values: 'many' },
        ],
        split,
        ...(signal === undefined ? {} : { signal }),
      },
      (sink) => fill(sink, options),
    );
    return countsOfExamples(index);
  },
  count: async (folder) => countsOfExamples(await readExampleIndex(folder, markedConversations)),
  open: (folder) => openExamples(folder, markedConversations),
};

async function fill(
  sink: ExampleSink,
  { documents, conversations, onProgress, signal }: WriteExamplesOptions,
): Promise<{ readonly notes: readonly string[] }> {
  if (conversations === undefined) throw new Error('Conversations are written by a model’s template.');
  const { template, contextLength } = conversations;
  const left = createLeftOut(contextLength);
  const done = { documents: 0, bytes: 0, tokens: 0 };

  async function write(messages: readonly ChatMessage[], marked: MarkedConversation): Promise<void> {
    if (marked.ids.length > contextLength) left.tooLong(marked.ids.length);
    // Nothing stands before the first token, from which it could be predicted.
    else if (!marked.trained.includes(1, 1)) left.withoutReply();
    else {
      const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
      await sink.append(conversationColumns.text, marked.ids);
      await sink.append(conversationColumns.trained, marked.trained);
      await sink.endExample(bytes);
      done.documents += 1;
      done.bytes += bytes;
      done.tokens += marked.ids.length;
    }
  }

  for await (const group of inGroups(documents)) {
    signal?.throwIfAborted();
    const readable = group.flatMap((document) => {
      const messages = chatMessagesOf(document);
      if (typeof messages === 'object') return [messages];
      left.unreadable(messages);
      return [];
    });
    for (const [place, marked] of (await template.markTokens(readable)).entries())
      if (marked instanceof LoamError) left.refused(marked);
      else await write(readable[place]!, marked);
    onProgress?.({ ...done });
  }
  return { notes: left.notes() };
}

/** Whole records in groups; of a long one only the last piece counts, since each piece has its conversation. */
async function* inGroups(documents: AsyncIterable<TextDocument>): AsyncGenerator<readonly TextDocument[]> {
  let group: TextDocument[] = [];
  for await (const document of documents) {
    if (document.continues === true) continue;
    group.push(document);
    if (group.length < renderedAtOnce) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** A record's messages, or the role that no template knows; undefined where it has none. */
function chatMessagesOf({ conversation }: TextDocument): readonly ChatMessage[] | string | undefined {
  if (conversation === undefined) return undefined;
  const messages: ChatMessage[] = [];
  for (const { role, content } of conversation) {
    if (role !== 'system' && role !== 'user' && role !== 'assistant') return role;
    messages.push({ role, content });
  }
  return messages;
}

/** Counts what is not learned from, and why. */
function createLeftOut(contextLength: number) {
  let [none, mute, long, longest, failed] = [0, 0, 0, 0, 0];
  let reason: LoamError | undefined;
  const roles = new Map<string, number>();
  const records = (count: number): string =>
    count === 1 ? '1 record' : `${count.toLocaleString('en')} records`;
  const are = (count: number): string => (count === 1 ? 'is' : 'are');
  return {
    unreadable(role: string | undefined): void {
      if (role === undefined) none += 1;
      else roles.set(role, (roles.get(role) ?? 0) + 1);
    },
    withoutReply: () => void (mute += 1),
    tooLong(tokens: number): void {
      long += 1;
      longest = Math.max(longest, tokens);
    },
    refused(error: LoamError): void {
      failed += 1;
      reason ??= error;
    },
    notes: (): readonly string[] => [
      ...(none === 0 ? [] : [`${records(none)} without a question and an answer ${are(none)} left out.`]),
      ...(mute === 0 ? [] : [`${records(mute)} without a reply to learn ${are(mute)} left out.`]),
      ...[...roles].map(
        ([role, count]) =>
          `${records(count)} ${are(count)} left out because "${role}" speaks in ${count === 1 ? 'it' : 'them'}, whom chat templates do not know.`,
      ),
      ...(long === 0
        ? []
        : [
            `${records(long)} ${are(long)} longer than the context of ${contextLength.toLocaleString('en')} tokens and ${are(long)} left out; the longest has ${longest.toLocaleString('en')}.`,
          ]),
      ...(reason === undefined
        ? []
        : [
            `${records(failed)} ${are(failed)} left out because the template gives none of it: ${reason.what}`,
          ]),
    ],
  };
}
