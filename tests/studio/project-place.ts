import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { importDataset } from '../../src/main/studio/datasets/datasets.ts';
import { createProject, openProject, type Project } from '../../src/main/studio/projects/projects.ts';
import { resolveConfiguration } from '../../src/main/studio/training/resolve-configuration.ts';
import { createRun } from '../../src/main/studio/training/create-run.ts';
import { sampleText } from '../hosts/cli/loam.ts';

/** An open project in a temporary folder, with a home of its own for settings and locks. */
export interface ProjectPlace {
  readonly folder: string;
  readonly project: Project;
  /** Writes a file beside the project. @returns its path. */
  readonly write: (name: string, content: string | Uint8Array) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export async function openProjectPlace(): Promise<ProjectPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-project-'));
  vi.stubEnv('LOAM_HOME', join(folder, 'home'));
  await createProject(join(folder, 'project'));
  const project = openProject(join(folder, 'project'));
  return {
    folder,
    project,
    write: async (name, content) => {
      const file = join(folder, name);
      await writeFile(file, content);
      return file;
    },
    remove: async () => {
      project.close();
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Prepares runs of a tiny model on a dataset made for them; none of them is trained. */
export async function prepareRuns(place: ProjectPlace, names: readonly string[]): Promise<void> {
  await importDataset(place.project, {
    name: 'records',
    paths: [await place.write('records.txt', sampleText(200))],
  });
  const configuration = resolveConfiguration([
    {
      origin: 'the test',
      values: {
        model: { contextLength: 16, hiddenSize: 32, layers: 1, heads: 2 },
        tokenizer: { kind: 'char' },
        training: {
          steps: 40,
          batchSize: 4,
          microBatchSize: 4,
          evaluationInterval: 10,
          checkpointInterval: 5,
        },
        engine: { threads: 1 },
      },
    },
  ]);
  for (const name of names)
    await createRun(place.project, { name, baseName: name, dataset: 'records', configuration });
}
