import { expect } from 'vitest';
import { tiny } from '../world.ts';
import type { Case } from './case.ts';

/** What earlier cases made for later ones. */
const made = { run: '' };

/** Runs, from the idea to the record. */
export const runCases: readonly Case[] = [
  {
    procedure: 'runs.estimate',
    call: async ({ client }) => {
      const { estimate } = await client.runs.estimate({ dataset: 'records', configuration: tiny });
      expect(estimate?.parameters.total).toBeGreaterThan(10_000);
    },
  },
  {
    procedure: 'runs.startModel',
    call: async ({ client }) => {
      const card = await client.runs.startModel({ reference: 'first' });
      expect(card).toMatchObject({ reference: 'first@12', tokenizer: { name: 'records-char' } });
      expect(card.adjustable).toContain('model.dropout');
      await expect(client.runs.startModel({ reference: '/no/such/folder' })).rejects.toMatchObject({
        code: 'ACCOUNT',
        data: { where: '/no/such/folder' },
      });
    },
  },
  {
    procedure: 'runs.measure',
    call: async ({ client, finish }) => {
      const { job } = await client.runs.measure({ dataset: 'records', configuration: tiny });
      await finish(job);
    },
  },
  {
    procedure: 'runs.create',
    call: async ({ client, finish }) => {
      const { job, run } = await client.runs.create({
        dataset: 'records',
        tokenizer: 'records-char',
        configuration: tiny,
        baseName: 'tiny',
        start: false,
      });
      made.run = run;
      await finish(job);
      expect(run).toBe('tiny-1');
    },
  },
  {
    procedure: 'runs.list',
    call: async ({ client }) => {
      expect((await client.runs.list()).map(({ name, status }) => [name, status])).toEqual([
        ['tiny-1', expect.any(String)],
        ['first', 'completed'],
      ]);
    },
  },
  {
    procedure: 'runs.show',
    call: async ({ client }) => {
      const run = await client.runs.show({ name: 'first' });
      expect(run).toMatchObject({ step: 12, dataset: 'records' });
      expect(run.checkpoints.length).toBeGreaterThan(0);
    },
  },
  {
    procedure: 'runs.reorder',
    call: async ({ client }) => {
      await expect(client.runs.reorder({ name: 'first' })).rejects.toMatchObject({
        code: 'ACCOUNT',
        data: { what: 'It does not wait in the queue.' },
      });
    },
  },
  {
    procedure: 'runs.start',
    call: async ({ client, finish }) => {
      const { job } = await client.runs.start({ name: made.run });
      await finish(job);
      expect(await client.runs.show({ name: made.run })).toMatchObject({ status: 'completed', step: 12 });
    },
  },
  {
    procedure: 'runs.pause',
    call: async ({ client }) => {
      await expect(client.runs.pause({ name: made.run })).rejects.toMatchObject({
        code: 'ACCOUNT',
        data: { what: expect.stringContaining('nothing to pause') },
      });
    },
  },
  {
    procedure: 'runs.stop',
    call: async ({ client }) => {
      await expect(client.runs.stop({ name: made.run })).rejects.toMatchObject({ code: 'ACCOUNT' });
    },
  },
  {
    procedure: 'runs.metrics',
    call: async ({ client }) => {
      const { step, series } = await client.runs.metrics({ run: 'first', buckets: 6 });
      expect(step.length).toBeLessThanOrEqual(6);
      expect(series.loss?.mean.every((loss) => loss !== null && loss > 0)).toBe(true);
    },
  },
  {
    procedure: 'runs.record',
    call: async ({ client }) => {
      const { entries } = await client.runs.record({ run: 'first', kinds: ['evaluated'] });
      expect(entries.length).toBeGreaterThan(0);
    },
  },
  {
    procedure: 'runs.diagnostics',
    call: async ({ client }) => {
      expect(await client.runs.diagnostics({ name: 'first' })).toBeInstanceOf(Array);
    },
  },
  {
    procedure: 'runs.compare',
    call: async ({ client }) => {
      const { runs } = await client.runs.compare({ names: ['first', made.run] });
      expect(runs.map(({ name }) => name)).toEqual(['first', made.run]);
    },
  },
  {
    procedure: 'runs.branch',
    call: async ({ client, finish }) => {
      const { name, job } = await client.runs.branch({
        run: 'first',
        step: 12,
        name: 'branch',
        takes: 'weights',
      });
      expect(name).toBe('branch');
      await finish(job);
    },
  },
  {
    procedure: 'runs.rename',
    call: async ({ client }) => {
      await client.runs.rename({ name: made.run, to: 'renamed' });
      expect((await client.runs.show({ name: 'renamed' })).step).toBe(12);
    },
  },
  {
    procedure: 'runs.changeTags',
    call: async ({ client }) => {
      await client.runs.changeTags({ name: 'first', add: ['good'] });
      await client.runs.changeTags({ name: 'first', add: ['kept'] });
      await client.runs.changeTags({ name: 'first', add: ['good'], remove: ['kept', 'seen'] });
      expect((await client.runs.show({ name: 'first' })).tags).toEqual(['good']);
    },
  },
  {
    procedure: 'runs.setNotes',
    call: async ({ client }) => {
      await client.runs.setNotes({ name: 'first', notes: 'The first one.', base: '' });
      await expect(client.runs.setNotes({ name: 'first', notes: 'Written over.', base: '' })).rejects.toThrow(
        'Another window has written it meanwhile.',
      );
      expect((await client.runs.show({ name: 'first' })).notes).toBe('The first one.');
    },
  },
  {
    procedure: 'runs.size',
    call: async ({ client }) => {
      expect((await client.runs.size({ name: 'renamed' })).bytes).toBeGreaterThan(1000);
    },
  },
  {
    procedure: 'runs.delete',
    call: async ({ client }) => {
      expect((await client.runs.delete({ name: 'renamed' })).freedBytes).toBeGreaterThan(1000);
    },
  },
];
