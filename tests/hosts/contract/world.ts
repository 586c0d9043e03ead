import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunConfigurationInput } from '../../../src/shared/runs/configuration.ts';
import { noteKnownProject } from '../../../src/main/studio/projects/known-projects.ts';
import type { Job } from '../../../src/shared/jobs/job.ts';
import { expect, vi } from 'vitest';
import { sampleText } from '../cli/loam.ts';
import type { Serving } from '../server/serving.ts';
import type { Client, Transport } from './transports.ts';

const waiting = { timeout: 90_000, interval: 50 };

/** A model that trains its few steps in a second. */
export const tiny: RunConfigurationInput = {
  model: { contextLength: 16, hiddenSize: 32, layers: 1, heads: 2 },
  tokenizer: { kind: 'char' },
  training: {
    steps: 12,
    batchSize: 4,
    evaluationInterval: 6,
    checkpointInterval: 6,
    sample: { maximumTokens: 4 },
  },
  engine: { threads: 1 },
};

/** What the cases work on: a project with a dataset, a tokenizer and a trained run. */
export interface World {
  readonly client: Client;
  /** The project's folder. */
  readonly project: string;
  /** A folder of the test's own, outside the project. */
  readonly folder: string;
  /** A text file that can be imported. */
  readonly text: string;
  /** A client for another project. */
  readonly connect: (project: string) => Promise<Client>;
  /** Waits until a job has ended, and expects it to have done so. */
  readonly finish: (job: number, status?: Job['status']) => Promise<Job>;
}

export async function makeWorld(transport: Transport, project: string, folder: string): Promise<World> {
  const client = await transport.connect(project);
  await mkdir(folder, { recursive: true });
  const text = join(folder, 'records.txt');
  await writeFile(text, sampleText(300));
  return {
    client,
    project,
    folder,
    text,
    connect: transport.connect,
    finish: async (job, status = 'completed') => {
      await vi.waitFor(
        async () => expect((await client.jobs.show({ id: job })).status).not.toBe('running'),
        waiting,
      );
      const ended = await client.jobs.show({ id: job });
      expect(ended.error).toBeUndefined();
      expect(ended.status).toBe(status);
      return ended;
    },
  };
}

/** Fills the serving's project by the contract itself: from a file to a trained run. */
export async function fillProject({ client, text, finish }: World): Promise<void> {
  const imported = await client.datasets.import({ name: 'records', paths: [text] });
  await finish(imported.job);
  const { job, run } = await client.runs.create({
    dataset: 'records',
    configuration: tiny,
    name: 'first',
    start: true,
  });
  await finish(job);
  await vi.waitFor(
    async () => expect((await client.jobs.list()).filter(({ status }) => status === 'running')).toEqual([]),
    waiting,
  );
  expect((await client.runs.show({ name: run })).status).toBe('completed');
}

/** A copy of a project, so that what is done in it touches no other test. */
export async function copyProject(serving: Serving, name: string): Promise<string> {
  const copy = join(serving.folder, name);
  await cp(serving.project, copy, { recursive: true, filter: (path) => !path.includes('locks') });
  noteKnownProject(copy, null);
  return copy;
}
