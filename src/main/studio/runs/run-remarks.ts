import type { Remark } from '../../../shared/runs/remark.ts';
import { remarksOn } from '../../../shared/runs/remarks.ts';
import type { Project } from '../projects/projects.ts';
import { listRollbacks } from '../store/run-records.ts';
import { findValidationTokens } from '../store/runs.ts';
import { findTokenizerRow } from '../store/tokenizers.ts';
import { readMetrics } from './run-metrics.ts';
import { requireRun } from './runs.ts';

/** Enough to see a shape in, few enough to look at whenever the run goes on. */
const buckets = 400;

/** What is unusual about a run's curves. */
export async function readRemarks(project: Project, name: string): Promise<readonly Remark[]> {
  const { store } = project;
  const metrics = await readMetrics(project, {
    run: name,
    series: ['loss', 'learningRate', 'gradientNorm', 'tokensPerSecond'],
    buckets,
  });
  const run = requireRun(project, name);
  return remarksOn({
    metrics,
    configuration: run.configuration,
    steps: run.steps ?? undefined,
    vocabularySize: findTokenizerRow(store, run.tokenizerName)?.vocabularySize,
    validationTokens: findValidationTokens(store, run.tokensHash),
    rollbacks: listRollbacks(store, run.id),
    guardStopped: run.end === 'guardStopped',
  });
}
