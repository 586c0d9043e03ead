import { join } from 'node:path';
import { expect } from 'vitest';
import { changingNouns } from '../../../../src/shared/changes/contract.ts';
import type { Case } from './case.ts';

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
