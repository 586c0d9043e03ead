import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Case } from './case.ts';

/** The files of the project are compared with their hashes, and mended. */
export const integrityCases: readonly Case[] = [
  {
    procedure: 'integrity.verify',
    call: async ({ client, project, finish }) => {
      expect(await client.integrity.last()).toBeNull();
      const [run] = await client.runs.list();
      await rm(join(project, 'runs', run?.name ?? '', 'configuration.json'));
      const { job } = await client.integrity.verify();
      await expect(client.integrity.verify()).rejects.toMatchObject({ code: 'ACCOUNT' });
      await finish(job);
    },
  },
  {
    procedure: 'integrity.last',
    call: async ({ client }) => {
      const last = await client.integrity.last();
      expect(last?.verification.findings).toMatchObject([
        { area: 'runs', status: 'missing', repair: { kind: 'configuration' } },
      ]);
      expect(last?.verification.areas.map(({ area }) => area)).toContain('store');
    },
  },
  {
    procedure: 'integrity.repair',
    call: async ({ client, finish }) => {
      const before = await client.integrity.last();
      await expect(client.integrity.repair({ checkedAt: '2020-02-02T02:02:02.000Z' })).rejects.toMatchObject({
        code: 'ACCOUNT',
      });
      const { job } = await client.integrity.repair({ checkedAt: before?.checkedAt ?? '' });
      await finish(job);
      expect(await client.integrity.last()).toMatchObject({
        repairs: [{ repaired: true, outcome: 'Written again from the store.' }],
        verification: { findings: [] },
      });
    },
  },
  {
    procedure: 'integrity.accept',
    call: async ({ client, finish }) => {
      const before = await client.integrity.last();
      const { job } = await client.integrity.accept({ checkedAt: before?.checkedAt ?? '' });
      await finish(job);
      expect(await client.integrity.last()).toMatchObject({ accepted: [], repairs: [] });
    },
  },
];
