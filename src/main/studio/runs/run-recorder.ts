import type { TrainingConfiguration } from '../../../shared/runs/configuration.ts';
import type { TrainingEvent } from '../../../shared/runs/events.ts';
import { toStoredPath } from '../projects/paths.ts';
import type { Project } from '../projects/projects.ts';
import { deleteCheckpointRow, insertCheckpoint } from '../store/checkpoints.ts';
import { extendSummaries } from '../store/metric-summaries.ts';
import {
  insertRunRecord,
  lastMetric,
  lastRunEvaluation,
  rewindRunRecords,
  type RunRecord,
  type StoredEvent,
} from '../store/run-records.ts';
import { updateRun, type RunChanges, type RunRow } from '../store/runs.ts';

/** Writes what happens in a run to the store. Only the process that holds the run's lock has one. */
export interface RunRecorder {
  record(event: TrainingEvent): void;
  /** Something about the run itself: it started, it ended. Written at once, with everything before it. */
  note(event: StoredEvent, changes?: RunChanges): void;
  /** Writes what waits. */
  flush(): void;
}

export interface RunRecorderOptions {
  readonly project: Project;
  readonly run: Pick<RunRow, 'id' | 'lastSequence' | 'step'>;
  readonly training: TrainingConfiguration;
  /** Once it aborts, each step may be the last before a checkpoint. */
  readonly signal: AbortSignal;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
}

/** Steps wait at most this long, in milliseconds, so that a transaction holds many of them. */
const batchMilliseconds = 1000;

/**
 * Collects a run's events and writes them in batches, one transaction each.
 *
 * A killed run goes on from its last checkpoint, and steps up to there are not trained again: so whatever happened before
 * a checkpoint is written before the checkpoint is. The trainer reports a step, then evaluates, then saves; hence
 * everything that can come right before a checkpoint is written at once.
 */
export function createRunRecorder({
  project,
  run,
  training,
  signal,
  clock,
}: RunRecorderOptions): RunRecorder {
  const { store } = project;
  const checkpointInterval = training.checkpointInterval ?? training.evaluationInterval;
  let sequence = run.lastSequence;
  let lastStep = run.step;
  let pending: RunRecord[] = [];
  /** What the batch changes besides adding records, in the order in which it happened. */
  let changes: (() => void)[] = [];
  let oldest = 0;

  const flush = (): void => {
    if (pending.length === 0 && changes.length === 0) return;
    store.transaction(() => {
      for (const change of changes) change();
      for (const record of pending) insertRunRecord(store, run.id, record);
      if (pending.some(({ kind }) => kind === 'step')) extendSummaries(store, run.id, lastStep);
      updateRun(store, run.id, { lastSequence: sequence, ...progressOf(pending) });
    });
    pending = [];
    changes = [];
  };

  const add = (record: RunRecord): void => {
    if (pending.length === 0) oldest = clock();
    pending.push(record);
  };
  const moment = () => project.clock().toISOString();
  const addEvent = (event: StoredEvent): void =>
    add({ sequence: ++sequence, kind: 'event', at: moment(), event });

  const rewind = (step: number): void => {
    flush();
    lastStep = step;
    changes.push(() => {
      rewindRunRecords(store, run.id, step);
      const last = lastMetric(store, run.id);
      updateRun(store, run.id, {
        step,
        loss: last?.loss ?? null,
        validationLoss: lastRunEvaluation(store, run.id)?.loss ?? null,
        ...(last === undefined ? {} : { elapsedSeconds: last.elapsedSeconds }),
      });
    });
  };

  signal.addEventListener('abort', flush);

  return {
    flush,
    note: (event, runChanges = {}) => {
      addEvent(event);
      changes.push(() => updateRun(store, run.id, runChanges));
      flush();
    },
    record: (event) => {
      switch (event.type) {
        case 'step': {
          // A run that was killed before its first checkpoint begins again without a word.
          if (event.metrics.step <= lastStep) rewind(event.metrics.step - 1);
          lastStep = event.metrics.step;
          add({ sequence: ++sequence, kind: 'step', metrics: event.metrics });
          const checkpointMayFollow = event.metrics.step % checkpointInterval === 0 || signal.aborted;
          if (checkpointMayFollow || clock() - oldest >= batchMilliseconds) flush();
          return;
        }
        case 'evaluated':
          add({ sequence: ++sequence, kind: 'evaluated', metrics: event.metrics, at: moment() });
          flush();
          return;
        case 'sample':
          add({
            sequence: ++sequence,
            kind: 'sample',
            step: event.step,
            prompt: event.prompt,
            text: event.text,
          });
          flush();
          return;
        case 'calibrated':
          addEvent(event);
          changes.push(() =>
            updateRun(store, run.id, {
              calibrationJson: JSON.stringify(event.calibration),
              steps: event.calibration.steps,
            }),
          );
          flush();
          return;
        case 'replanned':
          addEvent(event);
          changes.push(() =>
            updateRun(store, run.id, {
              calibrationJson: JSON.stringify(event.calibration),
              steps: event.steps,
            }),
          );
          flush();
          return;
        case 'resumed':
          rewind(event.step);
          addEvent(event);
          flush();
          return;
        case 'rolledBack':
          rewind(event.toStep);
          addEvent(event);
          flush();
          return;
        case 'checkpoint': {
          const { step, loss, best, bytes } = event;
          const folder = toStoredPath(project.folder, event.folder);
          addEvent({ ...event, folder });
          changes.push(() => {
            insertCheckpoint(store, {
              runId: run.id,
              step,
              folder,
              bytes,
              loss: loss ?? null,
              best: best ? 1 : 0,
              createdAt: moment(),
            });
            if (best) updateRun(store, run.id, { bestStep: step, bestLoss: loss ?? null });
          });
          flush();
          return;
        }
        case 'checkpointRemoved':
          addEvent({ ...event, folder: toStoredPath(project.folder, event.folder) });
          changes.push(() => deleteCheckpointRow(store, run.id, event.step));
          flush();
          return;
        case 'notice':
          addEvent(event);
          flush();
          return;
        default:
          event satisfies never;
      }
    },
  };
}

/** What a list of runs shows of a batch's newest step and evaluation. */
function progressOf(records: readonly RunRecord[]): RunChanges {
  const step = records.findLast((record) => record.kind === 'step')?.metrics;
  const evaluation = records.findLast((record) => record.kind === 'evaluated')?.metrics;
  return {
    ...(step === undefined
      ? {}
      : {
          step: step.step,
          loss: Number.isFinite(step.loss) ? step.loss : null,
          elapsedSeconds: step.elapsedSeconds,
        }),
    ...(evaluation === undefined
      ? {}
      : { validationLoss: Number.isFinite(evaluation.loss) ? evaluation.loss : null }),
  };
}
