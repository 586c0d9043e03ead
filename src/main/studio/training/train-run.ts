import type { EngineDescription } from '../../llm/engines/engine.ts';
import { openEngine } from '../engines/open-engine.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { TrainingJob } from '../../llm/training/job.ts';
import type { Objective } from '../../llm/objectives/objective.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import type { TrainingEnd } from '../../../shared/runs/events.ts';
import { threadsOf, trainedSettings } from '../../../shared/runs/configuration.ts';
import type { Provenance, RunEnd, RunStatus } from '../../../shared/runs/run.ts';
import { describeHardware } from '../hardware/hardware.ts';
import { requireIntactRun } from '../projects/intact-rows.ts';
import { openLog } from '../log.ts';
import { backUpIfDue } from '../projects/keep-backups.ts';
import { openProject, type Project } from '../projects/projects.ts';
import { shapeOfRun } from '../runs/run-shape.ts';
import { startFolder } from './start-folder.ts';
import { reconcileCheckpoints } from '../runs/interrupted-runs.ts';
import { describeLoss, markRecord, readRecordMark } from '../runs/record-mark.ts';
import { createRunRecorder } from '../runs/run-recorder.ts';
import { requireRun } from '../runs/runs.ts';
import { listPinnedSteps } from '../store/checkpoints.ts';
import { dequeue, enqueue } from '../store/queue.ts';
import { readRunRequest, setRunProvenance, updateRun, type RunRow } from '../store/runs.ts';
import { explainSystemError } from '../system-errors.ts';
import { openTokenizer } from '../tokenizers/tokenizers.ts';
import { loamVersion } from '../version.ts';
import { lowerPriority } from '../processes/priority.ts';
import { checkpointFolder } from '../../llm/training/run-checkpoints.ts';
import { acquireLock, readLockHolder, type ProcessLock } from '../processes/process-lock.ts';
import type { TrainingOutcome, TrainingProcedures } from './training-protocol.ts';
import { trainingWork, waitForTurn } from './turn.ts';
import { stopReason } from '../processes/stop-request.ts';
import { watchRequests } from './watch-requests.ts';
import type { CallContext } from '../processes/worker-server.ts';

type Context = CallContext<TrainingProcedures['train']['event']>;

/**
 * Trains a run that was prepared, or goes on with it: takes its lock, waits for its turn, trains, and writes everything to
 * the store itself, so that nothing is lost when the process that asked for it goes away.
 */
export async function trainRun(
  { project: folder, run: name }: TrainingProcedures['train']['parameters'],
  context: Context,
): Promise<TrainingOutcome> {
  lowerPriority();
  const project = openProject(folder);
  try {
    const run = requireRun(project, name);
    project.store.requireWritable();
    requireIntactRun(project, run.id);
    const lock = lockRun(project, run);
    try {
      await backUpIfDue(project);
      using requests = watchRequests(project, run.id, context.signal);
      return await waitAndTrain(project, run, { ...context, signal: requests.signal });
    } finally {
      lock.release();
    }
  } finally {
    project.close();
  }
}

function lockRun(project: Project, run: RunRow): ProcessLock {
  const file = project.paths.runLock(run.name);
  const lock = acquireLock(file, trainingWork({ run: run.name, folder: project.folder }));
  if (lock === undefined)
    throw new LoamError({
      kind: 'input',
      where: `run '${run.name}'`,
      what: `It trains already, or waits for its turn, in process ${readLockHolder(file)?.pid ?? 'of another program'}.`,
      remedy: 'Wait for it, or stop it there first.',
    });
  return lock;
}

async function waitAndTrain(project: Project, run: RunRow, context: Context): Promise<TrainingOutcome> {
  const { signal, emit } = context;
  const { store, clock } = project;
  store.transaction(() => {
    enqueue(store, run.id, clock().toISOString());
    updateRun(store, run.id, { status: 'queued', error: null });
  });
  await reconcileCheckpoints(project, run);
  const turn = await waitForTurn(project, run.id, `run ${run.name} of ${project.folder}`, signal, (waiting) =>
    emit({ type: 'waiting', ...waiting }),
  );
  try {
    if (turn === undefined) {
      const ended = sessionEnd('paused', signal, project, run.id);
      store.transaction(() => {
        dequeue(store, run.id);
        updateRun(store, run.id, { ...ended, endedAt: clock().toISOString() });
      });
      return { status: ended.status, step: run.step };
    }
    return await trainNow(project, requireRun(project, run.name), context);
  } finally {
    turn?.release();
  }
}

/** What a run's row says of a session's end. A pause that a person meant as the run's end ends it. */
function sessionEnd(
  end: TrainingEnd,
  signal: AbortSignal,
  project: Project,
  runId: number,
): { readonly status: RunStatus; readonly end: RunEnd } {
  const status = statusOf(end, signal);
  return status === 'paused' && readRunRequest(project.store, runId) === 'stop'
    ? { status: 'stopped', end: 'stoppedByPerson' }
    : { status, end };
}

/** A run that a person paused is paused; one whose program went away was interrupted. */
function statusOf(end: TrainingEnd, signal: AbortSignal): RunStatus {
  switch (end) {
    case 'completed':
    case 'earlyStopped':
    case 'timeBudget':
      return 'completed';
    case 'guardStopped':
      return 'stopped';
    case 'paused':
      return stopReason(signal) === 'abandoned' ? 'interrupted' : 'paused';
    default:
      return end satisfies never;
  }
}

async function trainNow(project: Project, run: RunRow, { signal, emit }: Context): Promise<TrainingOutcome> {
  const { store, clock } = project;
  const runFolder = project.paths.run(run.name);
  const log = openLog(join(runFolder, 'log.jsonl'));
  const started = clock().toISOString();
  store.transaction(() => {
    dequeue(store, run.id);
    updateRun(store, run.id, {
      status: 'running',
      end: null,
      startedAt: run.startedAt ?? started,
      endedAt: null,
    });
  });
  const recorder = createRunRecorder({
    project,
    run,
    training: run.configuration.training,
    signal,
    clock: () => performance.now(),
  });
  recorder.note({ type: 'started', process: process.pid });
  log.info('session started', { step: run.step });
  try {
    const outcome = await runTrainer();
    recorder.note(
      { type: 'ended', status: outcome.status },
      {
        status: outcome.status,
        end: outcome.end ?? null,
        step: outcome.step,
        endedAt: clock().toISOString(),
      },
    );
    log.info('session ended', { status: outcome.status, step: outcome.step });
    return outcome;
  } catch (error) {
    log.error(error);
    recordFailure(error);
    throw error;
  }

  /** The run's row says what went wrong, unless the disk that it lies on is what went wrong. */
  function recordFailure(error: unknown): void {
    const explained = explainSystemError(error);
    const message = explained?.message ?? `An unexpected error; ${log.file} has the details.`;
    const status: RunStatus = explained?.kind === 'interrupted' ? statusOf('paused', signal) : 'failed';
    try {
      recorder.note(
        { type: 'ended', status, message },
        { status, error: message, endedAt: clock().toISOString() },
      );
    } catch (storeError) {
      log.error(storeError);
    }
  }

  /** Says what the store has lost of the steps before the checkpoint that the run goes on from. */
  function tellLoss(step: number): void {
    const mark = readRecordMark(checkpointFolder(runFolder, step));
    if (mark === undefined) return;
    const { parent } = run.provenance;
    const first = parent?.takes === 'everything' ? parent.step + 1 : 1;
    const message = describeLoss(store, run.id, mark, first, step);
    if (message !== undefined) tell(step, message);
  }

  /** Says something of the run to whoever looks on, and to whoever looks at it later. */
  function tell(step: number, message: string): void {
    const notice = { type: 'notice', step, message } as const;
    recorder.record(notice);
    emit(notice);
  }

  async function runTrainer(): Promise<TrainingOutcome> {
    // Loaded only now: a run that waits for its turn needs no memory for them.
    const { openTokensOfRun } = await import('./tokens-of-run.ts');
    const { train } = await import('../../llm/training/train.ts');
    const { trainedPart } = await import('../../llm/training/trained-part.ts');
    const { parametersOf } = await import('../../llm/models/registry.ts');
    const { loadObjective } = await import('../../llm/objectives/registry.ts');
    const { configuration } = run;
    const threads = threadsOf(configuration);
    const tokenizer = await openTokenizer(project, run.tokenizerName);
    const objective = await loadObjective(configuration.objective);
    const data = await openTokensOfRun(project, run, objective, tokenizer, {
      signal,
      onNotice: (message) => tell(run.step, message),
    });
    const engine = await openEngine(configuration.engine.name, threads);
    try {
      const provenance = currentProvenance(run.provenance, engine.description);
      for (const difference of differences(run, provenance))
        recorder.record({ type: 'notice', step: run.step, message: difference });
      setRunProvenance(store, run.id, provenance);
      emit({
        type: 'started',
        process: process.pid,
        objective: configuration.objective,
        engine: configuration.engine.name,
        threads,
        steps: run.steps ?? undefined,
      });
      const shape = shapeOfRun(run, tokenizer);
      const { end, step, best } = await train({
        engine,
        shape,
        trains: trainedPart(parametersOf(shape), trainedSettings(configuration.training)),
        tokenizer,
        objective,
        data,
        configuration: configuration.training,
        folder: runFolder,
        provenance,
        ...(run.calibration === undefined ? {} : { calibration: run.calibration }),
        resume: existsSync(join(runFolder, 'checkpoints')) ? 'latest' : 'fresh',
        ...(await beginning(run, runFolder, objective, tokenizer)),
        signal,
        keptSteps: () => listPinnedSteps(store, run.id),
        markRecord: () => {
          recorder.flush();
          return markRecord(store, run.id);
        },
        clock: () => performance.now() / 1000,
        onEvent: (event) => {
          recorder.record(event);
          emit(event);
          if (event.type === 'resumed') tellLoss(event.step);
        },
      });
      return { ...sessionEnd(end, signal, project, run.id), step, ...(best === undefined ? {} : { best }) };
    } finally {
      await engine.dispose();
      data.close();
    }
  }
}

/** What a run without a checkpoint of its own begins with, and the files beside the weights that its model came with. */
async function beginning(
  { provenance: { parent, startModel } }: RunRow,
  runFolder: string,
  { declaration: { needs } }: Objective,
  tokenizer: Tokenizer,
): Promise<Partial<Pick<TrainingJob, 'start' | 'companions' | 'conversation'>>> {
  const folder = startFolder(runFolder);
  const { loadChatTemplate } = await import('../../llm/conversations/chat-template.ts');
  const template =
    needs?.includes('conversation') === true ? await loadChatTemplate(folder, tokenizer) : undefined;
  const conversation = template === undefined ? {} : { conversation: template };
  if (parent !== undefined) return { start: { folder, takes: parent.takes }, ...conversation };
  if (startModel === undefined) return {};
  const { openModelFolder } = await import('../../llm/checkpoints/model-folder.ts');
  const { readTextConventions } = await import('../../llm/checkpoints/text-conventions.ts');
  const model = await openModelFolder(folder);
  const { ids } = model;
  await model.close();
  return {
    start: { folder, takes: 'weights' },
    ...conversation,
    companions: { ids, conventions: await readTextConventions(folder) },
  };
}

function currentProvenance(recorded: Provenance, { name, threads, versions }: EngineDescription): Provenance {
  return {
    ...recorded,
    engine: { name, threads },
    versions: { loam: loamVersion, node: process.versions.node, ...versions },
    hardware: describeHardware(),
  };
}

/** What has changed on the machine since the run's last session: its losses may then differ in their last digits. */
function differences(run: RunRow, now: Provenance): readonly string[] {
  if (run.step === 0) return [];
  const before = run.provenance;
  const changed = [
    ...(before.hardware.processor === now.hardware.processor
      ? []
      : [`the processor (${before.hardware.processor} before, ${now.hardware.processor} now)`]),
    ...Object.entries(before.versions)
      .filter(([name, version]) => now.versions[name] !== version)
      .map(([name, version]) => `${name} (${version} before, ${now.versions[name] ?? 'none'} now)`),
  ];
  if (changed.length === 0) return [];
  return [
    `Since the run's last session something has changed: ${changed.join(', ')}. Losses may differ in their last digits from those of an uninterrupted run.`,
  ];
}
