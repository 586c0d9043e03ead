import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { changingNouns } from '../../../../src/shared/changes/contract.ts';
import type { Case } from './case.ts';

/** How long an engine may take to stop what it is at. */
const patience = { timeout: 30_000 };

/** What is asked before and beside all work: the machine, settings, projects, changes. */
export const studioCases: readonly Case[] = [
  {
    procedure: 'hardware.show',
    call: async ({ client }) => {
      const machine = await client.hardware.show();
      expect(machine.memoryBytes).toBeGreaterThan(0);
    },
  },
  {
    procedure: 'models.architectures',
    call: async ({ client }) => {
      const [first] = await client.models.architectures();
      expect(first?.name).toBe('gpt');
      expect(first?.settings.find(({ path }) => path === 'model.layers')).toMatchObject({
        name: 'Layers',
        value: { kind: 'number', whole: true, minimum: 1 },
        default: 6,
      });
      expect(first?.usual.slice(0, 2)).toEqual(['model.modelType', 'model.layers']);
      expect(first?.presets.map(({ name }) => name)).toContain('nano');
    },
  },
  {
    procedure: 'objectives.list',
    call: async ({ client }) => {
      const [first] = await client.objectives.list();
      expect(first).toMatchObject({ name: 'next-token', headline: 'bitsPerByte', predictions: 'tokens' });
      expect(first?.figures.map(({ term }) => term.name)).toEqual(['Bits per byte', 'Perplexity']);
    },
  },
  {
    procedure: 'engines.list',
    call: async ({ client }) => {
      const { engines, usual } = await client.engines.list();
      expect(engines.map(({ name }) => name)).toEqual(['onnxruntime', 'tensorflow']);
      expect(engines[0]).toMatchObject({ state: 'ready' });
      expect(usual).toBe('onnxruntime');
    },
  },
  {
    procedure: 'engines.work',
    call: async ({ client }) => {
      expect(await client.engines.work()).toBeNull();
    },
  },
  {
    procedure: 'engines.size',
    call: async ({ client }) => {
      const { offers } = await client.engines.list();
      const pip = offers.find(({ way }) => way === 'pip');
      if (pip !== undefined) expect(await client.engines.size({ offer: pip.id })).toBeGreaterThan(100e6);
      await expect(client.engines.size({ offer: 'none' })).rejects.toMatchObject({ code: 'ACCOUNT' });
    },
  },
  {
    procedure: 'engines.install',
    call: async ({ client, folder }) => {
      await client.engines.install({ path: join(folder, 'nothing.whl') });
      await expect.poll(async () => (await client.engines.work())?.status, patience).toBe('failed');
      expect((await client.engines.work())?.error?.what).toBe('There is no such file.');
    },
  },
  {
    procedure: 'engines.benchmark',
    call: async ({ client }) => {
      await client.engines.benchmark();
      expect(await client.engines.work()).toMatchObject({ kind: 'benchmark', status: 'running' });
    },
  },
  {
    procedure: 'engines.cancel',
    call: async ({ client }) => {
      await client.engines.cancel();
      await expect.poll(async () => (await client.engines.work())?.status, patience).toBe('cancelled');
    },
  },
  {
    procedure: 'engines.remove',
    call: async ({ client }) => {
      expect(await client.engines.remove()).toEqual({ freedBytes: 0 });
    },
  },
  {
    procedure: 'settings.show',
    call: async ({ client }) => {
      expect(await client.settings.show()).toMatchObject({ freeCores: 0 });
    },
  },
  {
    procedure: 'settings.change',
    call: async ({ client, folder }) => {
      const changed = await client.settings.change({ projectsFolder: join(folder, 'projects') });
      expect(changed.projectsFolder).toBe(join(folder, 'projects'));
    },
  },
  {
    procedure: 'projects.places',
    call: async ({ client, folder }) => {
      expect((await client.projects.places()).projectsFolder).toBe(join(folder, 'projects'));
    },
  },
  {
    procedure: 'projects.create',
    call: async ({ client, folder }) => {
      const project = await client.projects.create({ name: 'reports' });
      expect(project.folder).toBe(join(folder, 'projects', 'reports'));
    },
  },
  {
    procedure: 'projects.open',
    call: async ({ client, project }) => {
      expect((await client.projects.open({ folder: project })).folder).toBe(project);
    },
  },
  {
    procedure: 'projects.trust',
    call: async ({ client, folder, project }) => {
      const made = await client.projects.create({ folder: join(folder, 'made elsewhere') });
      const received = { folder: join(folder, 'received') };
      await rename(made.folder, received.folder);
      await expect(client.projects.open(received)).rejects.toMatchObject({
        data: { action: { do: 'trustProject', folder: received.folder } },
      });
      await client.projects.trust(received);
      expect((await client.projects.open(received)).folder).toBe(received.folder);
      await client.projects.open({ folder: project });
    },
  },
  {
    procedure: 'projects.recent',
    call: async ({ client, project }) => {
      expect((await client.projects.recent())[0]).toMatchObject({ folder: project, present: true });
    },
  },
  {
    procedure: 'projects.forget',
    call: async ({ client, project }) => {
      await client.projects.forget({ folder: project });
      expect((await client.projects.recent()).map(({ folder }) => folder)).not.toContain(project);
    },
  },
  {
    procedure: 'changes.watch',
    call: async ({ client }) => {
      const changes = await client.changes.watch();
      expect((await changes.next()).value).toMatchObject({
        nouns: changingNouns,
        runs: [{ name: 'first', upTo: expect.any(Number) }],
      });
      await client.runs.changeTags({ name: 'first', add: ['seen'] });
      expect((await changes.next()).value).toMatchObject({ nouns: expect.arrayContaining(['runs']) });
      await changes.return(undefined);
    },
  },
];
