import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { Case } from './case.ts';

/** What earlier cases made for later ones. */
const made = { job: 0 };

/** What ends the others’ work, so it comes last: jobs, a dataset’s deletion, the sample. */
export const closingCases: readonly Case[] = [
  {
    procedure: 'datasets.textsDeletion',
    call: async ({ client }) => {
      expect(await client.datasets.textsDeletion({ name: 'more' })).toMatchObject({
        inUseBy: [],
        cannotGoOn: [],
      });
    },
  },
  {
    procedure: 'datasets.deleteTexts',
    call: async ({ client }) => {
      expect((await client.datasets.deleteTexts({ name: 'more' })).freedBytes).toBeGreaterThanOrEqual(0);
      const { textsDeletedAt = '' } = await client.datasets.show({ name: 'more' });
      expect(Math.abs(Date.now() - Date.parse(textsDeletedAt))).toBeLessThan(60_000);
    },
  },
  {
    procedure: 'datasets.delete',
    call: async ({ client }) => {
      await client.tokenizers.delete({ name: 'words' });
      expect((await client.datasets.delete({ name: 'more' })).freedBytes).toBeGreaterThanOrEqual(0);
    },
  },
  {
    procedure: 'jobs.list',
    call: async ({ client }) => {
      const jobs = await client.jobs.list();
      expect(new Set(jobs.map(({ status }) => status))).toEqual(new Set(['completed']));
      made.job = jobs[0]?.id ?? 0;
    },
  },
  {
    procedure: 'jobs.show',
    call: async ({ client }) => {
      expect(await client.jobs.show({ id: made.job })).toMatchObject({ id: made.job });
    },
  },
  {
    procedure: 'jobs.elsewhere',
    call: async ({ client }) => {
      expect(await client.jobs.elsewhere()).toEqual([]);
    },
  },
  {
    procedure: 'jobs.cancel',
    call: async ({ client }) => {
      await client.jobs.cancel({ id: made.job });
      expect((await client.jobs.show({ id: made.job })).status).toBe('completed');
    },
  },
  {
    procedure: 'jobs.clearEnded',
    call: async ({ client }) => {
      await client.jobs.clearEnded();
      expect(await client.jobs.list()).toEqual([]);
    },
  },
  {
    procedure: 'projects.createSample',
    call: async ({ client, folder, connect }) => {
      const sample = await client.projects.createSample();
      expect(sample.folder).toBe(join(folder, 'projects', 'sample'));
      // What fills it would take minutes: without its first job the others do not come.
      const { jobs } = await connect(sample.folder);
      await vi.waitFor(async () => {
        const [first] = await jobs.list();
        if (first?.status === 'running') await jobs.cancel({ id: first.id });
        expect(first?.status).toBe('cancelled');
      }, 20_000);
    },
  },
];
