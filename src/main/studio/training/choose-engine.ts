import { engineTitles, type EngineName } from '../../../shared/engines/engine.ts';
import { LoamError } from '../../../shared/errors.ts';
import { requireEngine } from '../engines/require-engine.ts';
import { isLocked } from '../processes/process-lock.ts';
import type { Project } from '../projects/projects.ts';
import { setRunConfiguration } from '../store/runs.ts';
import type { RunRow } from '../store/runs.ts';
import { writeRunConfiguration } from '../runs/run-configuration-file.ts';
import { createRunRecorder } from '../runs/run-recorder.ts';
import { requireRun } from '../runs/runs.ts';

/**
 * Has a run go on with another engine, from the checkpoint that it has. What it computed until then stays; a checkpoint
 * belongs to no engine.
 * @throws LoamError when the run is training now, or the engine is not there
 */
export async function chooseRunEngine(project: Project, name: string, engine: EngineName): Promise<void> {
  const run = requireRun(project, name);
  const before = run.configuration.engine.name;
  if (before === engine) return;
  if (isLocked(project.paths.runLock(run.name)))
    throw new LoamError({
      kind: 'input',
      where: `run '${name}'`,
      what: 'It is training now.',
      remedy: 'Pause it first.',
    });
  await requireEngine(engine);
  const { configuration } = run;
  const changed = { ...configuration, engine: { ...configuration.engine, name: engine } };
  setRunConfiguration(project.store, run.id, changed);
  await writeRunConfiguration(project, { name, configuration: changed });
  if (run.step > 0) {
    const recorder = createRunRecorder({
      project,
      run,
      training: configuration.training,
      signal: new AbortController().signal,
      clock: () => performance.now(),
    });
    recorder.record({
      type: 'notice',
      step: run.step,
      message: `From step ${run.step} on ${engineTitles[engine]} computes, where ${engineTitles[before]} did: losses may differ in their last digits.`,
    });
    recorder.flush();
  }
}

/** @throws LoamError when the engine that a run goes on with is not there: the run stays as it is */
export async function requireEngineOfRun({ name, configuration }: RunRow): Promise<void> {
  const { engine } = configuration;
  try {
    await requireEngine(engine.name);
  } catch (error) {
    if (!(error instanceof LoamError) || engine.name === 'onnxruntime') throw error;
    throw error.inOtherWords({
      where: `run '${name}'`,
      remedy: `Install it again, or go on with ${engineTitles.onnxruntime}: a checkpoint belongs to no engine.`,
      action: { do: 'resumeOnEngine', run: name, engine: 'onnxruntime' },
    });
  }
}
