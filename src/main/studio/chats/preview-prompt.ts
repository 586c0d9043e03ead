import { setImmediate as turn } from 'node:timers/promises';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChatMode, PromptPreview } from '../../../shared/chats/chat.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { emptyWindow, moveWindow, rememberedTokens } from '../../llm/generation/context-window.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import { findCheckpoint, type FoundCheckpoint } from '../checkpoints/find-checkpoint.ts';
import type { Project } from '../projects/projects.ts';
import { findChat } from '../store/chats.ts';
import { continuedText, messagesOf, pathTo } from './conversation.ts';

export interface PromptToPreview {
  readonly mode: ChatMode;
  readonly chat?: number | undefined;
  readonly after?: number | undefined;
  readonly prompt: string;
  readonly checkpoints: readonly string[];
  readonly systemPrompt: string;
}

/**
 * How much of a text each checkpoint will see when it goes on from there. A conversation is counted without the marks that a
 * template puts around its messages. Reading a tokenizer of fifty thousand tokens takes a while: the worker that knows
 * documents does it, not the process that answers pages.
 * @throws LoamError when a checkpoint is not there
 */
export async function previewPrompt(
  project: Project,
  { mode, chat: id, after, prompt, checkpoints, systemPrompt }: PromptToPreview,
): Promise<readonly PromptPreview[]> {
  const chat = id === undefined ? undefined : findChat(project.store, id);
  const before = chat === undefined ? [] : pathTo(chat, after);
  const next = { id: 0, prompt, selected: true, replies: [], createdAt: '' };
  return Promise.all(
    checkpoints.map(async (reference, side) => {
      const path = [...before, next];
      const text =
        mode === 'chat'
          ? messagesOf(path, side, systemPrompt)
              .map(({ content }) => content)
              .join('\n')
          : continuedText(path, side);
      const { tokenizer, limit } = await openReader(await findCheckpoint(project, reference));
      const frame = mode === 'chat' ? undefined : tokenizer.frame;
      const ids = [
        ...(frame?.before ?? []),
        ...(await encodeInTurns(tokenizer, text)),
        ...(frame?.after ?? []),
      ];
      const { start } = moveWindow(emptyWindow, ids.length, limit);
      const ofPrompt = await encodeInTurns(tokenizer, prompt);
      return {
        checkpoint: reference,
        tokens: ids.length,
        limit,
        unseen: start,
        unseenOfPrompt: Math.max(0, ofPrompt.length - (ids.length - start)),
        begins: start === 0 ? '' : tokenizer.decode(ids.slice(start, start + shownTokens)).trimStart(),
      };
    }),
  );
}

/** Enough to find the place in a text. */
const shownTokens = 12;

/** What is encoded without letting others have their turn, in UTF-16 code units: some milliseconds' worth. */
const pieceLength = 20_000;

async function encodeInTurns(tokenizer: Tokenizer, text: string): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let from = 0; from < text.length;) {
    const to = from + pieceLength >= text.length ? text.length : endOfWord(text, from + pieceLength);
    for (const id of tokenizer.encode(text.slice(from, to))) ids.push(id);
    from = to;
    if (from < text.length) await turn();
  }
  return ids;
}

/** The last space before a place: tokenizers part words there, so that the pieces have the tokens of the whole. */
function endOfWord(text: string, place: number): number {
  const space = text.lastIndexOf(' ', place);
  return space > place - pieceLength / 2 ? space : place;
}

interface Reader {
  readonly tokenizer: Tokenizer;
  /** Tokens that the model sees at most. */
  readonly limit: number;
}

/** Two models side by side, and two that were looked at before. */
const kept = 4;
const readers = new Map<string, Promise<Reader>>();

/** What counts a model's tokens; the last few stay in memory, since a text is counted while it is typed. */
async function openReader({ folder }: FoundCheckpoint): Promise<Reader> {
  const { mtimeMs } = await stat(join(folder, 'tokenizer.json')).catch(() => ({ mtimeMs: 0 }));
  const key = `${mtimeMs} ${folder}`;
  const reader = readers.get(key) ?? readModel(folder);
  readers.delete(key);
  readers.set(key, reader);
  const [oldest] = readers.keys();
  if (readers.size > kept && oldest !== undefined) readers.delete(oldest);
  try {
    return await reader;
  } catch (error) {
    readers.delete(key);
    throw error;
  }
}

async function readModel(folder: string): Promise<Reader> {
  const model = await openModelFolder(folder);
  await model.close();
  const { shape, tokenizer } = model;
  return { tokenizer, limit: rememberedTokens(shape.contextLength) };
}
