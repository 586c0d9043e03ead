import type { Chat, ChatMode, ChatSettings, ChatSummary, ChatTurn } from '../../../shared/chats/chat.ts';
import { LoamError } from '../../../shared/errors.ts';
import { findCheckpoint, type FoundCheckpoint } from '../checkpoints/find-checkpoint.ts';
import { availableThreads } from '../hardware/hardware.ts';
import { describeFailure } from '../processes/worker-failure.ts';
import type { Project } from '../projects/projects.ts';
import {
  deleteChatRow,
  findChat,
  findReplyRow,
  findTurnRow,
  insertChat,
  insertReply,
  insertTurn,
  listChatRows,
  selectReply,
  selectTurn,
  updateChat,
  updateReply,
} from '../store/chats.ts';
import { continuedText, messagesOf, pathTo, titleFrom } from './conversation.ts';
import type { ReplyTask, ReplyWriting } from './reply-writing.ts';

const sides = [0, 1] as const;
type Side = (typeof sides)[number];

export function listChats(project: Project, search?: string): readonly ChatSummary[] {
  return listChatRows(project.store, search);
}

/** @throws LoamError when there is no such conversation. */
export function showChat(project: Project, writing: ReplyWriting, id: number): Chat {
  writing.settle();
  return requireChat(project, id);
}

export function createChat(
  project: Project,
  chat: { readonly mode: ChatMode; readonly checkpoints: readonly string[]; readonly settings: ChatSettings },
): number {
  return insertChat(project.store, { ...chat, title: '', moment: project.clock().toISOString() });
}

export function renameChat(project: Project, id: number, title: string): void {
  requireChat(project, id);
  updateChat(project.store, id, { title });
}

/** Deletes a conversation, once what is being written in it has stopped. */
export async function deleteChat(project: Project, writing: ReplyWriting, id: number): Promise<void> {
  for (const turn of requireChat(project, id).turnList) await stopReplies(turn, writing);
  deleteChatRow(project.store, id);
}

export interface NewTurn {
  readonly chat: number;
  readonly after?: number | undefined;
  readonly prompt: string;
  readonly checkpoints: readonly string[];
  readonly settings: ChatSettings;
  readonly probabilities: boolean;
}

/** Adds a turn and has every checkpoint reply to it. */
export async function writeTurn(
  project: Project,
  writing: ReplyWriting,
  { chat: id, after, prompt, checkpoints, settings, probabilities }: NewTurn,
): Promise<{ readonly turn: number; readonly replies: readonly number[] }> {
  const { store } = project;
  const chat = requireChat(project, id);
  const path = pathTo(chat, after);
  if (after !== undefined && path.length === 0)
    throw new LoamError({
      kind: 'input',
      where: `conversation '${chat.title}'`,
      what: 'The message that this should follow is not there any more.',
      remedy: 'Reload the conversation and write again.',
    });
  if (path.at(-1)?.replies.some(({ status }) => status === 'writing') === true)
    throw new LoamError({
      kind: 'misuse',
      where: `conversation '${chat.title}'`,
      what: 'A reply is still being written.',
      remedy: 'Wait until it is done, or stop it first.',
    });
  if (chat.mode === 'chat' && prompt.trim() === '')
    throw new LoamError({
      kind: 'misuse',
      what: 'The message is empty.',
      remedy: 'Write something to reply to.',
    });
  const moment = project.clock().toISOString();
  const turn = store.transaction(() => {
    updateChat(store, id, {
      checkpoints,
      settings,
      changedAt: moment,
      ...(chat.title === '' ? { title: titleFrom(prompt) } : {}),
    });
    return insertTurn(store, { chatId: id, parentId: after ?? null, prompt, createdAt: moment });
  });
  const threads =
    checkpoints.length > 1 ? { threads: Math.max(1, Math.ceil((await availableThreads()) / 2)) } : {};
  const replies: number[] = [];
  for (const side of sides) {
    const checkpoint = checkpoints[side];
    if (checkpoint === undefined) continue;
    const request = { checkpoint, settings, probabilities, ...threads };
    replies.push(await startReply(project, writing, id, turn, side, request));
  }
  return { turn, replies };
}

export interface AnotherReply {
  readonly turn: number;
  readonly side: number;
  readonly checkpoint: string;
  readonly settings: ChatSettings;
  readonly probabilities: boolean;
}

/** Has a checkpoint reply to a turn again. */
export async function regenerateReply(
  project: Project,
  writing: ReplyWriting,
  { turn, side, ...request }: AnotherReply,
): Promise<number> {
  const row = findTurnRow(project.store, turn);
  if (row === undefined) throw missing('This message');
  const before = requireChat(project, row.chatId).turnList.find(({ id }) => id === turn);
  if (before !== undefined) await stopReplies(before, writing, side);
  return startReply(project, writing, row.chatId, turn, side === 0 ? 0 : 1, request);
}

/** Shows another version of a turn, or another attempt of a reply. */
export function selectVersion(
  project: Project,
  version: { readonly turn: number } | { readonly reply: number },
): void {
  if ('turn' in version) selectTurn(project.store, version.turn);
  else project.store.transaction(() => selectReply(project.store, version.reply));
}

export async function stopReply(project: Project, writing: ReplyWriting, reply: number): Promise<void> {
  if (findReplyRow(project.store, reply) === undefined) throw missing('This text');
  await writing.stop(reply);
}

type ReplyRequest = Pick<ReplyTask, 'settings' | 'probabilities' | 'threads'> & {
  readonly checkpoint: string;
};

/**
 * Adds a reply and begins to write it. A checkpoint that cannot be found makes it a failed one: the conversation says where
 * that happened, and goes on with another checkpoint.
 */
async function startReply(
  project: Project,
  writing: ReplyWriting,
  chatId: number,
  turn: number,
  side: Side,
  { checkpoint: reference, settings, ...options }: ReplyRequest,
): Promise<number> {
  const { store } = project;
  const row = {
    turnId: turn,
    side,
    settings,
    session: writing.session,
    createdAt: project.clock().toISOString(),
  };
  let checkpoint: FoundCheckpoint;
  try {
    checkpoint = await findCheckpoint(project, reference);
  } catch (error) {
    const failure = describeFailure(error);
    if (failure.kind !== 'account') throw error;
    return store.transaction(() => {
      const id = insertReply(store, { ...row, checkpoint: reference });
      updateReply(store, id, { status: 'failed', errorJson: JSON.stringify(failure.account) });
      return id;
    });
  }
  const chat = requireChat(project, chatId);
  const path = pathTo(chat, turn);
  const id = insertReply(store, { ...row, checkpoint: checkpoint.label });
  writing.start(id, {
    checkpoint,
    settings,
    ...options,
    input:
      chat.mode === 'chat'
        ? { kind: 'messages', messages: messagesOf(path, side, settings.systemPrompt) }
        : { kind: 'text', text: continuedText(path, side) },
  });
  return id;
}

async function stopReplies(turn: ChatTurn, writing: ReplyWriting, side?: number): Promise<void> {
  const writingNow = turn.replies.filter(
    (reply) => reply.status === 'writing' && (side === undefined || reply.side === side),
  );
  await Promise.all(writingNow.map(({ id }) => writing.stop(id)));
}

function requireChat(project: Project, id: number): Chat {
  const chat = findChat(project.store, id);
  if (chat === undefined) throw missing('This conversation');
  return chat;
}

function missing(what: string): LoamError {
  return new LoamError({
    kind: 'input',
    what: `${what} is not there any more: it was deleted.`,
    remedy: 'Choose another conversation, or begin a new one.',
  });
}
