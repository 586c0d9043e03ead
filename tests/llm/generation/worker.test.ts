import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeModelFolder } from '../../../src/main/llm/checkpoints/model-folder.ts';
import {
  startGenerationWorker,
  type GenerationProcess,
} from '../../../src/main/llm/generation/worker-client.ts';
import type { GenerationWorkerReply } from '../../../src/main/llm/generation/worker-protocol.ts';
import { createGenerationServer } from '../../../src/main/llm/generation/worker-server.ts';
import { initializeParameters } from '../../../src/main/llm/models/gpt/parameters.ts';
import { trainTokenizer } from '../../../src/main/llm/tokenizers/train.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../src/shared/models/gpt-configuration.ts';

let parent: string;
let folder: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loam-worker-'));
  folder = join(parent, 'model');
  async function* documents() {
    yield 'the quick brown fox jumps over the lazy dog';
  }
  const tokenizer = await trainTokenizer({
    documents: documents(),
    kind: 'char',
    vocabularySize: 100,
    minimumFrequency: 1,
  });
  const shape = resolveGptShape(
    gptConfigurationSchema.parse({ style: 'llama', contextLength: 32, hiddenSize: 32, layers: 2, heads: 2 }),
    tokenizer.vocabularySize,
  );
  const weights = new Map(
    [...initializeParameters(shape, 5)].map(({ name, data }) => [name, data.map((value) => 8 * value)]),
  );
  await writeModelFolder(folder, { shape, tokenizer, weights: (name) => weights.get(name)! });
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

describe('a model in a process of its own', () => {
  it('loads, writes in pieces, is cancelled, writes again, unloads and ends', async () => {
    const worker = startGenerationWorker();
    const model = await worker.load({ folder, threads: 1 });
    expect(model).toMatchObject({ style: 'llama', contextLength: 32 });

    const pieces: { text: string; offset: number }[] = [];
    const settings = { prompt: 'the ', maximumTokens: 20, seed: 3 };
    const onText = (text: string, offset: number) => void pieces.push({ text, offset });
    const result = await worker.generate(settings, { onText });
    expect(result.ids.length).toBeGreaterThan(0);
    let length = 0;
    for (const piece of pieces) {
      expect(piece.offset).toBe(length);
      length += piece.text.length;
    }
    expect(pieces.map(({ text }) => text).join('')).toBe(result.text);

    const controller = new AbortController();
    const endless = worker.generate(
      { prompt: 'the ', maximumTokens: 1_000_000, temperature: 0.5, stop: [] },
      { signal: controller.signal, onText: () => controller.abort() },
    );
    const waiting = worker.generate(settings);
    expect((await endless).reason).toBe('cancelled');
    expect((await waiting).text).toBe(result.text);

    await worker.unload();
    expect((await errorOf(worker.generate(settings))).message).toContain('No model is loaded');
    await worker.load({ folder, threads: 1 });
    expect((await worker.generate(settings)).text).toBe(result.text);
    await worker.close();
    expect(await errorOf(worker.generate(settings))).toBeInstanceOf(LoamError);
  });

  it('passes on why a model cannot be loaded, and lives on', async () => {
    const worker = startGenerationWorker();
    const error = await errorOf(worker.load({ folder: join(parent, 'nowhere'), threads: 1 }));
    expect(error).toBeInstanceOf(LoamError);
    expect((error as LoamError).where).toBe(join(parent, 'nowhere'));
    expect((error as LoamError).kind).toBe('input');
    await worker.load({ folder, threads: 1 });
    await worker.close();
  });

  it('says so when the process is killed, at once and afterwards', async () => {
    const worker = startGenerationWorker();
    await worker.load({ folder, threads: 1 });
    const writing = worker.generate(
      { prompt: 'the ', maximumTokens: 1_000_000 },
      { onText: () => worker.kill() },
    );
    const error = await errorOf(writing);
    expect(error).toBeInstanceOf(LoamError);
    expect(error.message).toContain('ended unexpectedly, by the signal SIGKILL');
    expect((await errorOf(worker.load({ folder, threads: 1 }))).message).toContain('SIGKILL');
  });

  it('refuses settings that are out of range before they are sent', async () => {
    const worker = startGenerationWorker();
    expect((await errorOf(worker.generate({ temperature: -1 }))).message).toContain('temperature');
    await worker.close();
  });
});

describe('messages that are not what they should be', () => {
  it.each([
    null,
    7,
    {},
    { type: 'load' },
    { type: 'generate', id: 1, settings: { temperature: -3 } },
    { type: 'cancel', id: 'x' },
  ])('are answered by the worker with a failure: %j', (message) => {
    const replies: GenerationWorkerReply[] = [];
    const server = createGenerationServer(
      () => Promise.reject(new Error('no engine is needed')),
      (reply) => void replies.push(reply),
    );
    server.receive(message);
    expect(replies).toMatchObject([{ type: 'failed', failure: { kind: 'defect' } }]);
  });

  it('end the worker when they come from it', async () => {
    const events = new EventEmitter();
    let killed = false;
    const impostor: GenerationProcess = {
      send: () =>
        queueMicrotask(() => events.emit('message', { type: 'done', id: 1, result: 'all is well' })),
      onMessage: (listener) => void events.on('message', listener),
      onExit: () => undefined,
      disconnect: () => undefined,
      kill: () => {
        killed = true;
      },
    };
    const worker = startGenerationWorker(() => impostor);
    expect((await errorOf(worker.unload())).message).toContain('invalid message');
    expect(killed).toBe(true);
  });
});
