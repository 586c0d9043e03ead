import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inject } from 'vitest';
import { acquireLock } from '../../../src/main/studio/jobs/process-lock.ts';
import type { StudioPlace } from './studio-server.ts';

const main = resolve(import.meta.dirname, '../../../src/main/hosts/cli/main.ts');
/** Enough for two evaluations and their samples, and done in some seconds. */
const steps = 60;

/** What the trained project holds. */
export const trained = {
  dataset: 'service-desk',
  tokenizer: 'service-desk-words',
  run: 'first-model',
} as const;

async function train(folder: string, home: string): Promise<void> {
  await new Promise<void>((resolved, rejected) => {
    execFile(
      process.execPath,
      [main, 'quickstart', folder, '--steps', String(steps), '--quiet'],
      { env: { ...process.env, LOAM_HOME: home, ORT_DISABLE_TELEMETRY: '1' } },
      (failure, stdout, stderr) =>
        failure === null
          ? resolved()
          : rejected(new Error(`The quickstart failed:\n${stdout}\n${stderr}`, { cause: failure })),
    );
  });
}

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
      await train(unfinished, join(shared, 'home'));
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
  return folder;
}
