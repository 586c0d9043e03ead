import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { forkLauncher, type WorkerProcess } from '../../../src/main/studio/processes/launcher.ts';
import { openTextGenerator } from '../../../src/main/studio/writing/text-generator.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import { writeTinyModel } from './tiny-model.ts';

let parent: string;
let folder: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loam-generator-'));
  folder = join(parent, 'model');
  await writeTinyModel(folder);
});
afterAll(() => rm(parent, { recursive: true }));

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('There was no error.');
}

it('a model loads in a process of its own, writes in pieces, is cancelled and writes again', async () => {
  const generator = await openTextGenerator({ folder }, { threads: 1 });
  expect(generator.model).toMatchObject({ modelType: 'llama', contextLength: 32, chat: false });

  const pieces: string[] = [];
  const settings = { prompt: 'the ', maximumTokens: 20, seed: 3 };
  const result = await generator.generate(settings, {
    onText: (text) => void pieces.push(text),
  });
  expect(result.ids.length).toBeGreaterThan(0);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join('')).toBe(result.text);

  const controller = new AbortController();
  const endless = generator.generate(
    { prompt: 'the ', maximumTokens: 1_000_000, temperature: 0.5 },
    { signal: controller.signal, onText: () => controller.abort() },
  );
  const waiting = generator.generate(settings);
  expect((await endless).reason).toBe('cancelled');
  expect((await waiting).text).toBe(result.text);
  await generator.close();
  expect(await errorOf(generator.generate(settings))).toBeInstanceOf(LoamError);
});

it('a model that cannot be loaded is said with its folder', async () => {
  const error = await errorOf(openTextGenerator({ folder: join(parent, 'nowhere') }, { threads: 1 }));
  expect(error).toBeInstanceOf(LoamError);
  expect(error).toMatchObject({ kind: 'input', where: join(parent, 'nowhere') });
});

it('a process that is killed while it writes is said so, at once and afterwards', async () => {
  let child: WorkerProcess | undefined;
  const launcher: typeof forkLauncher = (kind) => (child = forkLauncher(kind));
  const generator = await openTextGenerator({ folder }, { threads: 1, launcher });
  const writing = generator.generate(
    { prompt: 'the ', maximumTokens: 1_000_000 },
    { onText: () => child?.kill() },
  );
  const error = await errorOf(writing);
  expect(error).toBeInstanceOf(LoamError);
  expect(error.message).toContain('writing process was ended unexpectedly, by the signal SIGKILL');
  expect((await errorOf(generator.generate({}))).message).toContain('SIGKILL');
});

it('settings out of range are refused before they are sent', async () => {
  const generator = await openTextGenerator({ folder }, { threads: 1 });
  expect((await errorOf(generator.generate({ temperature: -1 }))).message).toContain('temperature');
  await generator.close();
});

it('a conversation is refused by a model without a chat template', async () => {
  const generator = await openTextGenerator({ folder }, { threads: 1 });
  const error = await errorOf(generator.generate({}, { messages: [{ role: 'user', content: 'Hello' }] }));
  expect(error.message).toContain('no chat template');
  await generator.close();
});

it('each written token comes with its probability and the likeliest others, when asked for', async () => {
  const generator = await openTextGenerator({ folder }, { threads: 1 });
  const settings = { prompt: 'the ', maximumTokens: 12, seed: 3 };
  expect((await generator.generate(settings)).tokens).toBeUndefined();
  const { tokens = [], text, ids } = await generator.generate({ ...settings, alternatives: 4 });
  expect(tokens.length).toBe(ids.length);
  expect(tokens.map((token) => token.text).join('')).toBe(text);
  for (const { probability, alternatives } of tokens) {
    expect(probability).toBeGreaterThan(0);
    expect(alternatives.length).toBe(4);
    const others = alternatives.map((each) => each.probability);
    expect(others).toEqual(others.toSorted((a, b) => b - a));
    expect(others[0]).toBeGreaterThanOrEqual(probability);
  }
  await generator.close();
});

it('a chat template that cannot be used is said with its reason, when the model is loaded and to whoever chats', async () => {
  const broken = join(parent, 'broken template');
  await writeTinyModel(broken);
  await writeFile(join(broken, 'chat_template.jinja'), '{% if %}');
  const generator = await openTextGenerator({ folder: broken }, { threads: 1 });
  const reason = 'chat template cannot be used here';
  expect(generator.model).toMatchObject({ chat: false, notes: [expect.stringContaining(reason)] });
  const error = await errorOf(generator.generate({}, { messages: [{ role: 'user', content: 'Hello' }] }));
  expect(error.message).toContain(reason);
  await generator.close();
});
