// Makes a project in a folder, imports a text, prepares a run and trains it, or goes on wherever an earlier process was
// stopped; then prints what the run computed. Each time something is done for good, a file in `marks` of that folder says so:
// lost-writes.ts holds the state after a power cut against the marks before it. Exit codes: 1 for an error that is told as
// one should be, 3 for any other.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importDataset } from '../../src/main/studio/datasets/datasets.ts';
import { trainRun } from '../../src/main/studio/training/train-run.ts';
import { createProject, openProject } from '../../src/main/studio/projects/projects.ts';
import { resolveConfiguration } from '../../src/main/studio/training/resolve-configuration.ts';
import { currentRun } from '../../src/main/studio/runs/runs.ts';
import { createRun } from '../../src/main/studio/training/create-run.ts';
import { findDatasetRow } from '../../src/main/studio/store/datasets.ts';
import { listMetrics } from '../../src/main/studio/store/run-records.ts';
import { findRunRow } from '../../src/main/studio/store/runs.ts';
import { explainSystemError } from '../../src/main/studio/system-errors.ts';

const [root = '', text = ''] = process.argv.slice(2);
const folder = join(root, 'project');
const done = (what: string): void => {
  mkdirSync(join(root, 'marks'), { recursive: true });
  writeFileSync(join(root, 'marks', what), '');
};

const configuration = resolveConfiguration([
  {
    origin: 'the test',
    values: {
      model: { contextLength: 16, hiddenSize: 32, layers: 1, heads: 2 },
      tokenizer: { kind: 'char' },
      training: {
        steps: 20,
        batchSize: 4,
        microBatchSize: 4,
        warmupSteps: 2,
        evaluationInterval: 10,
        checkpointInterval: 5,
        keepCheckpoints: 100,
        evaluationTokens: 100,
        sample: { maximumTokens: 2 },
      },
      engine: { threads: 1 },
    },
  },
]);

try {
  if (!existsSync(join(folder, 'loam.sqlite'))) await createProject(folder);
  done('project');
  const project = openProject(folder);
  try {
    if (findDatasetRow(project.store, 'records') === undefined)
      await importDataset(project, { name: 'records', paths: [text] });
    done('dataset');
    if (findRunRow(project.store, 'a') === undefined)
      await createRun(project, { name: 'a', baseName: 'a', dataset: 'records', configuration });
    done('run');
    if ((await currentRun(project, 'a')).status !== 'completed')
      await trainRun(
        { project: folder, run: 'a' },
        {
          signal: new AbortController().signal,
          emit: (report) => {
            if (report.type === 'checkpoint') done(`checkpoint-${report.step}`);
          },
        },
      );
    const { id, status } = await currentRun(project, 'a');
    const losses = listMetrics(project.store, id).map(({ step, loss }) => [step, loss]);
    process.stdout.write(
      JSON.stringify({ status, losses: createHash('sha256').update(JSON.stringify(losses)).digest('hex') }),
    );
  } finally {
    project.close();
  }
} catch (error) {
  const told = explainSystemError(error);
  process.stderr.write(
    told?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
  process.exitCode = told === undefined ? 3 : 1;
}
