import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { useOneCore } from '../../one-core.ts';

/** The command line. */
export const loamMain = resolve(import.meta.dirname, '../../../src/main/hosts/cli/main.ts');

/** What the sample project holds. */
export const sample = {
  dataset: 'service-desk',
  tokenizer: 'service-desk-words',
  run: 'first-model',
} as const;

export interface SampleProjectOptions {
  readonly folder: string;
  /** Where settings and locks are kept meanwhile. */
  readonly home: string;
  /** How long its model trains: 60 steps take some seconds. */
  readonly steps: number;
}

/** Makes a project by the quickstart: sample texts, a tokenizer, a model that really trained, an evaluation, an export. */
export async function trainSampleProject({ folder, home, steps }: SampleProjectOptions): Promise<void> {
  await useOneCore(home);
  await new Promise<void>((resolved, rejected) => {
    execFile(
      process.execPath,
      [loamMain, 'quickstart', folder, '--steps', String(steps), '--quiet'],
      { env: { ...process.env, LOAM_HOME: home, ORT_DISABLE_TELEMETRY: '1' } },
      (failure, stdout, stderr) =>
        failure === null
          ? resolved()
          : rejected(new Error(`The quickstart failed:\n${stdout}\n${stderr}`, { cause: failure })),
    );
  });
}
