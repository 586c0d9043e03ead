import { createRouterClient } from '@orpc/server';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { previewPrompt } from '../../../src/main/studio/chats/preview-prompt.ts';
import { createChat } from '../../../src/main/studio/chats/chats.ts';
import { importModel } from '../../../src/main/studio/checkpoints/import-model.ts';
import { forkLauncher, type WorkerKind } from '../../../src/main/studio/processes/launcher.ts';
import { router } from '../../../src/main/studio/api/router.ts';
import { insertReply, insertTurn, updateReply } from '../../../src/main/studio/store/chats.ts';
import { createStudio } from '../../../src/main/studio/studio.ts';
import { chatSettingsSchema } from '../../../src/shared/chats/chat.ts';
import { projectHeader } from '../../../src/shared/rpc.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';
import { writeTinyModel } from '../writing/tiny-model.ts';

/** The tiny model's context, in tokens; one of its tokens is one character. */
const context = 32;
const checkpoints = ['models/tiny'];

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
  await writeTinyModel(join(place.folder, 'tiny'));
  await importModel(place.project, { folder: join(place.folder, 'tiny') });
});
afterEach(() => place.remove());

const preview = async (
  prompt: string,
  more: {
    readonly mode?: 'chat';
    readonly chat?: number;
    readonly after?: number;
    readonly systemPrompt?: string;
  } = {},
) => {
  const request = { mode: 'write' as const, systemPrompt: '', ...more, prompt, checkpoints };
  const [previewed] = await previewPrompt(place.project, request);
  return previewed;
};

it('sees a prompt of the context’s length whole, and of a longer one the last half of a context', async () => {
  expect(await preview('x'.repeat(context))).toMatchObject({ tokens: context, limit: context, unseen: 0 });
  const longer = `${'the lazy dog '.repeat(4)}quick brown fox`;
  const kept = context / 2;
  expect(await preview(longer)).toEqual({
    checkpoint: 'models/tiny',
    tokens: longer.length,
    limit: context,
    unseen: longer.length - kept,
    unseenOfPrompt: longer.length - kept,
    begins: longer.slice(-kept).trimStart().slice(0, 11),
  });
});

it('counts what was written before, and says what of the new prompt is not seen', async () => {
  const { store } = place.project;
  const settings = chatSettingsSchema.parse({});
  const chat = createChat(place.project, { mode: 'write', checkpoints, settings });
  const createdAt = '2026-01-01T00:00:00.000Z';
  const turn = insertTurn(store, { chatId: chat, parentId: null, prompt: 'the lazy ', createdAt });
  const reply = insertReply(store, {
    turnId: turn,
    side: 0,
    settings,
    session: 's',
    createdAt,
    checkpoint: 'models/tiny',
  });
  updateReply(store, reply, { status: 'done', text: 'dog over the quick ' });
  expect(await preview('fox', { chat, after: turn })).toMatchObject({ tokens: 31, unseen: 0 });
  expect(await preview('fox jumps', { chat, after: turn })).toMatchObject({ unseen: 21, unseenOfPrompt: 0 });
  expect(await preview('fox jumps over the dog', { chat, after: turn })).toMatchObject({ unseenOfPrompt: 6 });
});

it('counts a system prompt in a conversation', async () => {
  expect(await preview('quick', { mode: 'chat', systemPrompt: 'the fox' })).toMatchObject({ tokens: 13 });
});

it('is asked of the reading worker, so that whoever answers pages reads no tokenizer', async () => {
  const started: WorkerKind[] = [];
  const studio = createStudio({
    launcher: (kind) => {
      started.push(kind);
      return forkLauncher(kind);
    },
  });
  try {
    const reqHeaders = new Headers({ [projectHeader]: encodeURIComponent(place.project.folder) });
    const { chats } = createRouterClient(router, { context: { studio, reqHeaders } });
    expect(await chats.preview({ mode: 'write', prompt: 'fox', checkpoints })).toMatchObject([
      { checkpoint: 'models/tiny', tokens: 3 },
    ]);
    await expect(chats.preview({ mode: 'write', prompt: 'fox', checkpoints: ['none'] })).rejects.toThrow();
    expect(started).toEqual(['reading']);
  } finally {
    await studio.close();
  }
});

it('counts a text of a million characters without holding up anybody', async () => {
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  const prompt = 'the quick brown fox '.repeat(50_000);
  const previewed = await preview(prompt);
  clearInterval(counting);
  expect(previewed?.tokens).toBe(prompt.length);
  expect(turns).toBeGreaterThan(10);
});
