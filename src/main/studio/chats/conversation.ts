import type { Chat, ChatTurn } from '../../../shared/chats/chat.ts';
import type { ChatMessage } from '../../llm/conversations/chat-message.ts';

/** A turn and those before it, the first one first. */
export function pathTo(chat: Pick<Chat, 'turnList'>, turn: number | undefined): readonly ChatTurn[] {
  const turns = new Map(chat.turnList.map((each) => [each.id, each]));
  const path: ChatTurn[] = [];
  for (let each = turn === undefined ? undefined : turns.get(turn); each !== undefined;) {
    path.unshift(each);
    each = each.parent === undefined ? undefined : turns.get(each.parent);
  }
  return path;
}

/**
 * What was replied to a turn, as a side remembers it: its own selected reply, else the one of the other side, which was the
 * only one then.
 */
export function replyTextOf(turn: ChatTurn, side: number): string {
  const selected = turn.replies.filter((reply) => reply.selected);
  return (selected.find((reply) => reply.side === side) ?? selected[0])?.text ?? '';
}

/** The text that a model goes on with: all that was written before the last turn's reply, by both. */
export function continuedText(path: readonly ChatTurn[], side: number): string {
  return path
    .map((turn, index) => turn.prompt + (index === path.length - 1 ? '' : replyTextOf(turn, side)))
    .join('');
}

/** The conversation before the last turn's reply, as chat templates know it. */
export function messagesOf(
  path: readonly ChatTurn[],
  side: number,
  systemPrompt: string,
): readonly ChatMessage[] {
  const turns = path.flatMap((turn, index): readonly ChatMessage[] => {
    const question: ChatMessage = { role: 'user', content: turn.prompt };
    if (index === path.length - 1) return [question];
    return [question, { role: 'assistant', content: replyTextOf(turn, side) }];
  });
  return [...systemMessages(systemPrompt), ...turns];
}

/** The messages that a conversation begins with under a system prompt: none where it is empty. */
export function systemMessages(systemPrompt: string): readonly ChatMessage[] {
  return systemPrompt.trim() === '' ? [] : [{ role: 'system', content: systemPrompt }];
}

/** A title made of the first words of what a person wrote. */
export function titleFrom(prompt: string): string {
  const text = prompt.replaceAll(/\s+/g, ' ').trim();
  if (text.length <= longestTitle) return text;
  const cut = text.slice(0, longestTitle);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), longestTitle / 2)).trimEnd()} …`;
}

const longestTitle = 60;
