import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Case } from './case.ts';

/** What earlier cases made for later ones. */
const made = { chat: 0, export: 0, job: 0, reply: 0, turn: 0 };

const settings = { maximumTokens: 5, seed: 1 };
const model = 'first@best';

/** Checkpoints, conversations, evaluations, exports. */
export const modelCases: readonly Case[] = [
  {
    procedure: 'checkpoints.list',
    call: async ({ client }) => {
      expect((await client.checkpoints.list({ run: 'first' })).map(({ step }) => step)).toContain(12);
    },
  },
  {
    procedure: 'checkpoints.listAll',
    call: async ({ client }) => {
      expect((await client.checkpoints.listAll()).map(({ reference }) => reference)).toContain('first@12');
    },
  },
  {
    procedure: 'checkpoints.show',
    call: async ({ client }) => {
      expect(await client.checkpoints.show({ reference: model })).toMatchObject({
        reference: 'first@12',
        provenance: { run: 'first' },
      });
    },
  },
  {
    procedure: 'checkpoints.label',
    call: async ({ client }) => {
      await client.checkpoints.label({ reference: 'first@12', label: 'the good one' });
      expect(await client.checkpoints.listAll()).toContainEqual(
        expect.objectContaining({ reference: 'first@12', label: 'the good one' }),
      );
    },
  },
  {
    procedure: 'checkpoints.pin',
    call: async ({ client }) => {
      await client.checkpoints.pin({ reference: 'first@12', pinned: true });
      expect(await client.checkpoints.listAll()).toContainEqual(
        expect.objectContaining({ reference: 'first@12', pinned: true }),
      );
    },
  },
  {
    procedure: 'checkpoints.import',
    call: async ({ client, finish }) => {
      const [checkpoint] = await client.checkpoints.list({ run: 'first' });
      const { job } = await client.checkpoints.import({ folder: checkpoint?.folder ?? '', name: 'foreign' });
      await finish(job);
    },
  },
  {
    procedure: 'checkpoints.deletion',
    call: async ({ client }) => {
      const { bytes } = await client.checkpoints.deletion({ reference: 'models/foreign' });
      expect(bytes).toBeGreaterThan(10_000);
    },
  },
  {
    procedure: 'checkpoints.delete',
    call: async ({ client }) => {
      const { freedBytes } = await client.checkpoints.delete({
        reference: 'models/foreign',
        confirmed: true,
      });
      expect(freedBytes).toBeGreaterThan(1000);
    },
  },
  {
    procedure: 'chats.create',
    call: async ({ client }) => {
      const { chat } = await client.chats.create({ mode: 'write', checkpoints: [model], settings });
      made.chat = chat;
    },
  },
  {
    procedure: 'chats.write',
    call: async ({ client }) => {
      const { turn, replies } = await client.chats.write({
        chat: made.chat,
        prompt: 'The pump',
        checkpoints: [model],
        settings,
      });
      made.turn = turn;
      made.reply = replies[0] ?? 0;
      expect(replies).toHaveLength(1);
    },
  },
  {
    procedure: 'chats.preview',
    call: async ({ client }) => {
      const request = { mode: 'write' as const, chat: made.chat, checkpoints: [model] };
      const [short] = await client.chats.preview({ ...request, prompt: 'The pump' });
      expect(short).toMatchObject({ checkpoint: model, unseen: 0, begins: '' });
      const [long] = await client.chats.preview({ ...request, prompt: 'The pump leaks again. '.repeat(500) });
      expect(long?.unseenOfPrompt).toBeGreaterThan(0);
    },
  },
  {
    procedure: 'chats.follow',
    call: async ({ client }) => {
      let text = '';
      let ended = false;
      for await (const delta of await client.chats.follow({ reply: made.reply, from: 0 })) {
        expect(delta.offset).toBe(text.length);
        text += delta.text;
        ended = delta.ended;
      }
      expect(ended).toBe(true);
      expect(text.length).toBeGreaterThan(0);
    },
  },
  {
    procedure: 'chats.tokens',
    call: async ({ client }) => {
      expect((await client.chats.tokens({ reply: made.reply })).length).toBeGreaterThan(0);
    },
  },
  {
    procedure: 'chats.stop',
    call: async ({ client }) => {
      await client.chats.stop({ reply: made.reply });
    },
  },
  {
    procedure: 'chats.regenerate',
    call: async ({ client }) => {
      const { reply } = await client.chats.regenerate({
        turn: made.turn,
        side: 0,
        checkpoint: model,
        settings: { ...settings, seed: 2 },
      });
      const deltas = await Array.fromAsync(await client.chats.follow({ reply, from: 0 }));
      const text = deltas.flatMap((delta) => ('text' in delta ? delta.text : [])).join('');
      expect(text.length).toBeGreaterThan(0);
      expect(reply).not.toBe(made.reply);
    },
  },
  {
    procedure: 'chats.select',
    call: async ({ client }) => {
      await client.chats.select({ reply: made.reply });
    },
  },
  {
    procedure: 'chats.show',
    call: async ({ client }) => {
      const { turnList } = await client.chats.show({ chat: made.chat });
      expect(turnList[0]?.replies.map(({ id, selected }) => [id === made.reply, selected])).toContainEqual([
        true,
        true,
      ]);
    },
  },
  {
    procedure: 'chats.rename',
    call: async ({ client }) => {
      await client.chats.rename({ chat: made.chat, title: 'Pumps' });
    },
  },
  {
    procedure: 'chats.list',
    call: async ({ client }) => {
      expect(await client.chats.list({ search: 'Pumps' })).toMatchObject([{ id: made.chat, title: 'Pumps' }]);
    },
  },
  {
    procedure: 'chats.delete',
    call: async ({ client }) => {
      await client.chats.delete({ chat: made.chat });
      expect(await client.chats.list({})).toEqual([]);
    },
  },
  {
    procedure: 'evaluations.preview',
    call: async ({ client }) => {
      expect(await client.evaluations.preview({ checkpoint: model, dataset: 'records' })).toMatchObject({
        split: 'validation',
        sameFiles: true,
      });
    },
  },
  {
    procedure: 'evaluations.run',
    call: async ({ client, finish }) => {
      const { job } = await client.evaluations.run({ checkpoint: model, dataset: 'records' });
      await finish(job);
    },
  },
  {
    procedure: 'evaluations.list',
    call: async ({ client }) => {
      const [evaluation] = await client.evaluations.list();
      expect(evaluation?.loss).toBeGreaterThan(0);
      made.job = evaluation?.id ?? 0;
    },
  },
  {
    procedure: 'evaluations.delete',
    call: async ({ client }) => {
      await client.evaluations.delete({ id: made.job });
      expect(await client.evaluations.list()).toEqual([]);
    },
  },
  {
    procedure: 'evaluations.verdict',
    call: async ({ client }) => {
      expect(await client.evaluations.verdict({ run: 'first' })).toBeNull();
    },
  },
  {
    procedure: 'evaluations.judge',
    call: async ({ client }) => {
      // A run that began with nothing has nothing to be held against.
      await expect(client.evaluations.judge({ checkpoint: model })).rejects.toThrow('It began with no model');
    },
  },
  {
    procedure: 'exports.place',
    call: async ({ client, project }) => {
      const { folder, occupied } = await client.exports.place({ checkpoint: model, format: 'onnx' });
      expect(folder.startsWith(join(project, 'exports'))).toBe(true);
      expect(occupied).toBe('free');
    },
  },
  {
    procedure: 'exports.run',
    call: async ({ client, finish }) => {
      const { job } = await client.exports.run({ checkpoint: model, format: 'onnx' });
      await finish(job);
    },
  },
  {
    procedure: 'exports.list',
    call: async ({ client }) => {
      const [listed] = await client.exports.list();
      expect(listed).toMatchObject({ format: 'onnx', present: true });
      expect(listed?.files.length).toBeGreaterThan(0);
      for (const file of listed?.files ?? []) expect(existsSync(join(listed?.folder ?? '', file))).toBe(true);
      made.export = listed?.id ?? 0;
    },
  },
  {
    procedure: 'exports.delete',
    call: async ({ client }) => {
      expect((await client.exports.delete({ id: made.export })).freedBytes).toBeGreaterThan(0);
    },
  },
];
