import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createChat,
  deleteChat,
  listChats,
  regenerateReply,
  renameChat,
  selectVersion,
  showChat,
  stopReply,
  writeTurn,
} from '../../../src/main/studio/chats/chats.ts';
import { createReplyWriting, type ReplyWriting } from '../../../src/main/studio/chats/reply-writing.ts';
import { deleteModel } from '../../../src/main/studio/checkpoints/delete-model.ts';
import { importModel } from '../../../src/main/studio/checkpoints/import-model.ts';
import { forkLauncher } from '../../../src/main/studio/processes/launcher.ts';
import type { ModelCache } from '../../../src/main/studio/writing/model-cache.ts';
import type { TextGenerator } from '../../../src/main/studio/writing/text-generator.ts';
import { chatSettingsSchema, type Chat, type ReplyDelta } from '../../../src/shared/chats/chat.ts';
import { readReplyTokens, updateChat } from '../../../src/main/studio/store/chats.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';
import { writeTinyModel } from '../writing/tiny-model.ts';

let place: ProjectPlace;
let writing: ReplyWriting;
beforeEach(async () => {
  place = await openProjectPlace();
  await writeTinyModel(join(place.folder, 'tiny'));
  await importModel(place.project, { folder: join(place.folder, 'tiny') });
});
afterEach(async () => {
  await writing.close();
  await place.remove();
});

const settings = chatSettingsSchema.parse({ maximumTokens: 12, seed: 3 });

/** A generator that writes what the test says, when it says so. */
interface ScriptedWriter {
  readonly models: ModelCache;
  /** What each text was written from, in order. */
  readonly asked: { readonly prompt: string; readonly messages: readonly string[] }[];
  write(text: string): void;
  end(): void;
}

function scripted(): ScriptedWriter {
  let current:
    { readonly onText: (text: string, offset: number) => void; readonly end: () => void } | undefined;
  const asked: ScriptedWriter['asked'] = [];
  const generator: Pick<TextGenerator, 'generate'> = {
    generate: (input, { signal, onText, messages = [] } = {}) => {
      asked.push({ prompt: input.prompt ?? '', messages: messages.map(({ content }) => content) });
      return new Promise((resolve) => {
        let text = '';
        const end = (reason: 'length' | 'cancelled'): void =>
          resolve({
            text,
            ids: Array.from({ length: text.length }, (_, id) => id),
            reason,
            promptTokens: 1,
            tokensPerSecond: 50,
          });
        current = {
          onText: (piece) => {
            onText?.(piece);
            text += piece;
          },
          end: () => end('length'),
        };
        if (signal?.aborted === true) end('cancelled');
        signal?.addEventListener('abort', () => end('cancelled'), { once: true });
      });
    },
  };
  return {
    models: {
      use: (_, work) => work(generator as TextGenerator),
      busy: () => false,
      unload: async () => undefined,
      close: async () => undefined,
    },
    asked,
    write: (text) => current?.onText(text, 0),
    end: () => current?.end(),
  };
}

function writeWith(models: ModelCache, session = 'here'): void {
  writing = createReplyWriting({ project: place.project, session, launcher: forkLauncher, models });
}

const model = 'models/tiny';

async function begin(
  prompt = 'the ',
  checkpoints = [model],
): Promise<{ chat: number; reply: number; turn: number }> {
  const chat = createChat(place.project, { mode: 'write', checkpoints, settings });
  const { replies, turn } = await writeTurn(place.project, writing, {
    chat,
    prompt,
    checkpoints,
    settings,
    probabilities: true,
  });
  return { chat, turn, reply: replies[0] ?? 0 };
}

async function ended(reply: number, from = 0): Promise<string> {
  let text = '';
  for await (const delta of writing.follow(reply, from)) {
    expect(delta.offset).toBe(from + text.length);
    text += delta.text;
  }
  return text;
}

function show(chat: number): Chat {
  return showChat(place.project, writing, chat);
}

const pause = (milliseconds: number): Promise<unknown> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a real model', () => {
  it('writes a reply that is followed, then kept with its figures and probabilities', async () => {
    writing = createReplyWriting({ project: place.project, session: 'here', launcher: forkLauncher });
    const { chat, reply } = await begin();
    const text = await ended(reply);
    const kept = show(chat).turnList[0]?.replies[0];
    expect(kept).toMatchObject({ status: 'done', text, checkpoint: model, reason: 'length' });
    expect(kept?.writtenTokens).toBe(12);
    expect(kept?.probabilities).toBe(true);
    const tokens = readReplyTokens(place.project.store, reply);
    expect(tokens.map((token) => token.text).join('')).toBe(text);
    expect(tokens[0]?.alternatives.length).toBe(10);
    // The same seed writes the same text, with the model that stayed loaded.
    const again = await begin();
    expect(await ended(again.reply)).toBe(text);
  });

  it('goes away while it writes: the reply keeps its text, says so, and the conversation stays', async () => {
    writing = createReplyWriting({ project: place.project, session: 'here', launcher: forkLauncher });
    const chat = createChat(place.project, { mode: 'write', checkpoints: [model], settings });
    const endless = { ...settings, maximumTokens: 8192 };
    const { turn, replies } = await writeTurn(place.project, writing, {
      chat,
      prompt: 'the ',
      checkpoints: [model],
      settings: endless,
      probabilities: false,
    });
    const reply = replies[0] ?? 0;
    for await (const delta of writing.follow(reply, 0)) if (delta.text !== '') break;
    await expect(deleteModel(place.project, writing, model, false)).rejects.toThrow('writing at this moment');
    await deleteModel(place.project, writing, model, true);
    const broken = show(chat).turnList[0]?.replies[0];
    expect(broken?.status).toBe('failed');
    expect(broken?.text.length).toBeGreaterThan(0);
    expect(broken?.error?.what).toContain('deleted while it wrote');
    const next = await writeTurn(place.project, writing, {
      chat,
      after: turn,
      prompt: '',
      checkpoints: [model],
      settings,
      probabilities: false,
    });
    const failed = show(chat).turnList[1]?.replies[0];
    expect(failed).toMatchObject({ id: next.replies[0], status: 'failed', checkpoint: model });
    expect(failed?.error?.where).toBe(model);
  });
});

describe('following a reply', () => {
  it('gives late and repeated readers every character once', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const { reply } = await begin();
    generator.write('one ');
    const early = ended(reply);
    await pause(60);
    generator.write('two 🙂 ');
    const late = ended(reply, 4);
    await pause(60);
    generator.write('three');
    generator.end();
    expect(await early).toBe('one two 🙂 three');
    expect(await late).toBe('two 🙂 three');
    expect(await ended(reply, 8)).toBe('🙂 three');
    expect(await ended(reply)).toBe('one two 🙂 three');
  });

  it('gives a slow reader few long pieces instead of a queue', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const { reply } = await begin();
    const reader = writing.follow(reply, 0);
    generator.write('a');
    const deltas: (ReplyDelta | undefined)[] = [(await reader.next()).value ?? undefined];
    for (let index = 0; index < 1000; index++) generator.write(String(index % 10));
    await pause(40);
    deltas.push((await reader.next()).value ?? undefined);
    generator.end();
    for await (const delta of reader) deltas.push(delta);
    expect(deltas.map((delta) => delta?.text.length)).toEqual([1, 1000, 0]);
    expect(deltas.at(-1)).toEqual({ offset: 1001, text: '', ended: true });
  });

  it('tells a page that knows more than there is where the text stands', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const { reply } = await begin();
    generator.write('short');
    const first = await writing.follow(reply, 99).next();
    expect(first.value).toEqual({ offset: 5, text: '', ended: false });
    generator.end();
  });

  it('ends when the page goes away', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const { reply } = await begin();
    const gone = new AbortController();
    const reader = writing.follow(reply, 0, gone.signal);
    await reader.next();
    const next = reader.next();
    gone.abort();
    expect((await next).done).toBe(true);
  });
});

describe('a server that ends while it writes', () => {
  it('leaves the text so far, which reads interrupted when the project is opened again', async () => {
    const generator = scripted();
    writeWith(generator.models, 'gone');
    const { chat, reply } = await begin();
    generator.write('half a ');
    await pause(650);
    // Another host opens the project; the lock of the first one's session is not held.
    const abandoned = writing;
    writeWith(scripted().models, 'next');
    expect(show(chat).turnList[0]?.replies[0]).toMatchObject({ status: 'interrupted', text: 'half a ' });
    expect(await ended(reply)).toBe('half a ');
    await abandoned.close();
  });
});

describe('a conversation', () => {
  it('goes on with all that was written before, on each side with its own', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const chat = createChat(place.project, { mode: 'write', checkpoints: [model, model], settings });
    const write = (prompt: string, after?: number) =>
      writeTurn(place.project, writing, {
        chat,
        prompt,
        ...(after === undefined ? {} : { after }),
        checkpoints: [model, model],
        settings,
        probabilities: false,
      });
    const first = await write('Once ');
    await stopReply(place.project, writing, first.replies[0] ?? 0);
    generator.write('right ');
    generator.end();
    await ended(first.replies[1] ?? 0);
    const second = await write('and ', first.turn);
    expect(generator.asked.map(({ prompt }) => prompt)).toEqual([
      'Once ',
      'Once ',
      'Once and ',
      'Once right and ',
    ]);
    for (const reply of second.replies) await stopReply(place.project, writing, reply);
    expect(show(chat)).toMatchObject({ title: 'Once', turns: 2 });
  });

  it('puts turns into messages in chat mode and refuses an empty one', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const chat = createChat(place.project, { mode: 'chat', checkpoints: [model], settings });
    const common = { chat, checkpoints: [model], settings, probabilities: false };
    const { turn, replies } = await writeTurn(place.project, writing, { ...common, prompt: 'Hello' });
    generator.write('Good day');
    generator.end();
    await ended(replies[0] ?? 0);
    await expect(writeTurn(place.project, writing, { ...common, after: turn, prompt: ' ' })).rejects.toThrow(
      'message is empty',
    );
    const next = await writeTurn(place.project, writing, { ...common, after: turn, prompt: 'And?' });
    expect(generator.asked.at(-1)?.messages).toEqual(['Hello', 'Good day', 'And?']);
    await expect(
      writeTurn(place.project, writing, { ...common, after: next.turn, prompt: 'Too soon' }),
    ).rejects.toThrow('still being written');
  });

  it('begins a conversation with its system prompt, which it and each reply keep', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const told = { ...settings, systemPrompt: 'Answer in verse.' };
    const chat = createChat(place.project, { mode: 'chat', checkpoints: [model], settings: told });
    const ask = async (prompt: string, asked: typeof told): Promise<number> => {
      const { turn } = await writeTurn(place.project, writing, {
        chat,
        prompt,
        checkpoints: [model],
        settings: asked,
        probabilities: false,
      });
      await pause(10);
      generator.end();
      await pause(10);
      return turn;
    };
    await ask('Hello', told);
    expect(generator.asked.at(-1)?.messages).toEqual(['Answer in verse.', 'Hello']);
    await ask('Hello', { ...told, systemPrompt: ' ' });
    expect(generator.asked.at(-1)?.messages).toEqual(['Hello']);
    await ask('Hello', { ...told, systemPrompt: 'Answer in prose.' });
    const kept = show(chat);
    expect(kept.settings.systemPrompt).toBe('Answer in prose.');
    expect(kept.turnList.map(({ replies }) => replies[0]?.settings.systemPrompt)).toEqual([
      'Answer in verse.',
      ' ',
      'Answer in prose.',
    ]);
  });

  it('reads conversations of a time without system prompts', async () => {
    writeWith(scripted().models);
    const chat = createChat(place.project, { mode: 'chat', checkpoints: [model], settings });
    const { systemPrompt: _, ...older } = settings;
    updateChat(place.project.store, chat, { settings: older as typeof settings });
    expect(show(chat).settings.systemPrompt).toBe('');
  });

  it('keeps the attempts of a reply and the versions of a message, and shows the chosen one', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const { chat, turn, reply } = await begin();
    generator.write('first');
    generator.end();
    await ended(reply);
    const other = await regenerateReply(place.project, writing, {
      turn,
      side: 0,
      checkpoint: model,
      settings,
      probabilities: false,
    });
    generator.write('second');
    generator.end();
    await ended(other);
    const attempts = () => show(chat).turnList[0]?.replies.map(({ text, selected }) => [text, selected]);
    expect(attempts()).toEqual([
      ['first', false],
      ['second', true],
    ]);
    selectVersion(place.project, { reply });
    expect(attempts()).toEqual([
      ['first', true],
      ['second', false],
    ]);
    const edited = await writeTurn(place.project, writing, {
      chat,
      prompt: 'a ',
      checkpoints: [model],
      settings,
      probabilities: false,
    });
    expect(show(chat).turnList.map(({ selected }) => selected)).toEqual([false, true]);
    selectVersion(place.project, { turn });
    expect(show(chat).turnList.map(({ selected }) => selected)).toEqual([true, false]);
    await stopReply(place.project, writing, edited.replies[0] ?? 0);
  });

  it('is found by words of its title, prompts and replies, renamed and deleted', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const { chat, reply } = await begin('Pumps 100% done');
    generator.write('and the Valve too');
    generator.end();
    await ended(reply);
    const found = (search: string) => listChats(place.project, search).map(({ id }) => id);
    expect(found('valve')).toEqual([chat]);
    expect(found('100%')).toEqual([chat]);
    expect(found('1%0')).toEqual([]);
    renameChat(place.project, chat, 'Service');
    expect(listChats(place.project)[0]?.title).toBe('Service');
    await deleteChat(place.project, writing, chat);
    expect(listChats(place.project)).toEqual([]);
    expect(() => show(chat)).toThrow('deleted');
    await expect(writing.follow(reply, 0).next()).rejects.toThrow('conversation was deleted');
  });

  it('is deleted while it is being written', async () => {
    const generator = scripted();
    writeWith(generator.models);
    const { chat } = await begin();
    generator.write('some');
    await deleteChat(place.project, writing, chat);
    expect(listChats(place.project)).toEqual([]);
  });

  it('says in the reply that a model’s folder is gone', async () => {
    writing = createReplyWriting({ project: place.project, session: 'here', launcher: forkLauncher });
    await rm(place.project.paths.model('tiny'), { recursive: true });
    const { chat, reply } = await begin();
    await ended(reply);
    expect(show(chat).turnList[0]?.replies[0]).toMatchObject({ status: 'failed', text: '' });
    expect(show(chat).turnList[0]?.replies[0]?.error?.where).toContain('tiny');
  });
});
