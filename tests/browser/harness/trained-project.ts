import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inject } from 'vitest';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';
import { trainSampleProject } from './sample-project.ts';
import { knowProject, type StudioPlace } from './studio-server.ts';

/** Enough for two evaluations and their samples, and done in some seconds. */
const steps = 60;

/** The project that all tests of this run copy: trained by whoever needs it first. */
async function original(): Promise<string> {
  const shared = inject('sharedFolder');
  const folder = join(shared, 'trained-project');
  while (!existsSync(folder)) {
    const lock = acquireLock(join(shared, 'trained-project.lock'), 'training the project of the tests');
    if (lock === undefined) {
      await wait(100);
      continue;
    }
    try {
      if (existsSync(folder)) break;
      const unfinished = join(shared, 'unfinished-project');
      await trainSampleProject({ folder: unfinished, home: join(shared, 'home'), steps });
      await rename(unfinished, folder);
    } finally {
      lock.release();
    }
  }
  return folder;
}

/** A project of a test's own that holds a dataset, a tokenizer, and a model which really trained. @returns its folder. */
export async function copyTrainedProject(place: StudioPlace, name = 'trained'): Promise<string> {
  const source = await original();
  const folder = join(place.folder, name);
  await mkdir(place.folder, { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await cp(source, folder, { recursive: true });
  knowProject(place, folder);
  return folder;
}
