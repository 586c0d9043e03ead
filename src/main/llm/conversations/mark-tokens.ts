import { LoamError } from '../../../shared/errors.ts';
import type { ChatMessage } from './chat-message.ts';

/** A conversation in tokens, each with a mark. */
export interface MarkedConversation {
  readonly ids: readonly number[];
  /** 1 for each token that is trained: those of the replies, with the token that ends each. By place, never by id. */
  readonly trained: Uint8Array;
}

/** Renders conversations: each to its text, or to why there is none. */
export type RenderAll = (
  asked: readonly { readonly messages: readonly ChatMessage[]; readonly generationPrompt: boolean }[],
) => Promise<readonly (string | LoamError)[]>;

export interface Marking {
  readonly renderAll: RenderAll;
  /** Tokens of a part of a rendered text. */
  readonly encode: (text: string) => readonly number[];
  /** The texts of the tokens that end a reply. */
  readonly endings: readonly string[];
}

/** A stretch of a rendered conversation, from the end of the one before. */
interface Stretch {
  readonly end: number;
  readonly trained: boolean;
}

/**
 * Which tokens of conversations are trained. No marker is searched for in a text, since data may spell it: what a reply adds is
 * what the rendering up to it has and the one that asks for it has not. Each stretch becomes tokens by itself, as what is before
 * a reply does when a model is asked for one.
 * @returns for each conversation its tokens, or why there are none
 */
export async function markConversations(
  conversations: readonly (readonly ChatMessage[])[],
  { renderAll, encode, endings }: Marking,
): Promise<readonly (MarkedConversation | LoamError)[]> {
  const asked = conversations.flatMap((messages) => [
    { messages, generationPrompt: false },
    ...repliesOf(messages).flatMap((reply) => [
      { messages: messages.slice(0, reply), generationPrompt: true },
      { messages: messages.slice(0, reply + 1), generationPrompt: false },
    ]),
  ]);
  const texts = await renderAll(asked);
  let next = 0;
  return conversations.map((messages) => {
    const own = texts.slice(next, (next += 1 + 2 * repliesOf(messages).length));
    const failed = own.find((text) => text instanceof LoamError);
    if (failed !== undefined) return failed;
    const stretches = stretchesOf(messages, own as readonly string[], endings);
    return stretches instanceof LoamError ? stretches : tokensOf(own[0] as string, stretches, encode);
  });
}

/** The places of a conversation's replies. */
const repliesOf = (messages: readonly ChatMessage[]): readonly number[] =>
  messages.flatMap(({ role }, place) => (role === 'assistant' ? [place] : []));

/** @param texts the whole conversation; then for each reply what asks for it, and what ends with it */
function stretchesOf(
  messages: readonly ChatMessage[],
  [whole = '', ...around]: readonly string[],
  endings: readonly string[],
): readonly Stretch[] | LoamError {
  const stretches: Stretch[] = [];
  for (const [number, reply] of repliesOf(messages).entries()) {
    const [before = '', through = ''] = around.slice(2 * number, 2 * number + 2);
    if (!through.startsWith(before) || !whole.startsWith(through)) return notInSequence(reply);
    const end = endOfReply(through, before.length, messages[reply]?.content ?? '', endings);
    stretches.push({ end: before.length, trained: false }, { end, trained: true });
  }
  return [...stretches, { end: whole.length, trained: false }];
}

/** Behind the token that ends a reply: what a template writes after it, a line end say, no model is asked for. */
function endOfReply(text: string, start: number, content: string, endings: readonly string[]): number {
  const said = text.indexOf(content.trim(), start);
  const from = said < 0 ? start : said + content.trim().length;
  const ends = endings.flatMap((ending) => {
    const place = text.indexOf(ending, from);
    return place < 0 ? [] : [place + ending.length];
  });
  return ends.length === 0 ? text.length : Math.min(...ends);
}

function tokensOf(
  text: string,
  stretches: readonly Stretch[],
  encode: Marking['encode'],
): MarkedConversation {
  const ids: number[] = [];
  const marks: number[] = [];
  let start = 0;
  for (const { end, trained } of stretches) {
    const tokens = encode(text.slice(start, end));
    for (const id of tokens) {
      ids.push(id);
      marks.push(trained ? 1 : 0);
    }
    start = end;
  }
  return { ids, trained: Uint8Array.from(marks) };
}

function notInSequence(reply: number): LoamError {
  return new LoamError({
    kind: 'input',
    where: `message ${reply + 1}`,
    what: 'The chat template writes this reply otherwise once it is there than where it asks for it, or changes it when the conversation goes on: what of the text is the reply cannot be told.',
    remedy: 'Take a conversation of one reply, or another template.',
  });
}
