import {
  trainingConfigurationSchema,
  type TrainingConfiguration,
} from '../../../shared/runs/configuration.ts';
import type { Calibration } from '../../../shared/runs/events.ts';
import type { EngineName } from '../engines/engine.ts';
import { noEvaluations } from './early-stopping.ts';
import { writeInitialAdapter, writeInitialParameters, writeZeroMoments } from './initialization.ts';
import type { TrainingJob } from './job.ts';
import type { ModelParameters } from './model-parameters.ts';
import type { RunCheckpoints } from './run-checkpoints.ts';
import { initialRunState, type RunState } from './run-state.ts';
import { plannedSteps } from './step-plan.ts';

/** Where a run begins that has no checkpoint of its own. */
export interface Beginning {
  readonly step: number;
  /** What is known of the calibration without measuring. */
  readonly calibration: Calibration | undefined;
  /** The state, once the calibration is known. */
  state(calibration: Calibration): RunState;
}

/**
 * Puts in place what a run begins with: parameters drawn from the seed, or those of another run's checkpoint. A branch that
 * takes everything goes on at the checkpoint's step with its optimizer state and its place in the data, so with the same
 * settings it has bitwise the losses that the other run had after that step.
 * @throws LoamError when the checkpoint cannot be read or is of another model
 */
export async function begin(
  job: TrainingJob,
  parameters: ModelParameters,
  checkpoints: RunCheckpoints,
): Promise<Beginning> {
  const { engine, configuration, start } = job;
  if (start?.takes === 'everything') {
    const saved = await checkpoints.restoreFrom(start.folder);
    return branchBeginning(saved.state, saved.configuration, configuration, engine.description.name);
  }
  if (start === undefined) await writeInitialParameters(engine, parameters, configuration.seed);
  else {
    await writeInitialAdapter(engine, parameters, configuration.seed);
    await checkpoints.readWeights(start.folder);
    await writeZeroMoments(engine, parameters);
  }
  return { step: 0, calibration: undefined, state: initialRunState };
}

/**
 * How a branch goes on from a checkpoint. Time, evaluations and rollbacks are the branch's own and begin anew. A learning
 * rate that the guard had halved stays halved unless the branch sets another one, and so do the steps that the other run
 * had planned for the same time, unless they are all done. What another engine measured does not count.
 * @param savedConfiguration the training configuration that the checkpoint was made with
 */
export function branchBeginning(
  saved: RunState,
  savedConfiguration: unknown,
  configuration: TrainingConfiguration,
  engine: EngineName,
): Beginning {
  const parsed = trainingConfigurationSchema.safeParse(savedConfiguration);
  const before = parsed.success ? parsed.data : undefined;
  const same = (key: keyof TrainingConfiguration): boolean => before?.[key] === configuration[key];
  const fits =
    (saved.calibration.engine ?? 'onnxruntime') === engine &&
    (['batchSize', 'microBatchSize', 'lossChunks', 'gradientCheckpointing'] as const).every(same);
  const isDone = saved.step >= plannedSteps(saved.calibration);
  const keepsPlan = same('steps') && same('minutes') && !isDone;
  const { changes: _, ...measured } = saved.calibration;
  return {
    step: saved.step,
    calibration: !fits
      ? undefined
      : keepsPlan
        ? { ...saved.calibration, keepsPlan }
        : configuration.steps === undefined
          ? undefined
          : { ...measured, steps: configuration.steps },
    state: (calibration) => ({
      ...saved,
      elapsedSeconds: 0,
      rollbacks: 0,
      learningRateFactor: same('learningRate') ? saved.learningRateFactor : 1,
      evaluations: noEvaluations,
      latestEvaluation: undefined,
      calibration,
    }),
  };
}

/** A number of steps that was measured for a time budget counts from where the run begins. */
export function countFrom(
  beginning: Beginning,
  measured: Calibration,
  { steps, minutes }: TrainingConfiguration,
): Calibration {
  return steps === undefined && minutes !== undefined
    ? { ...measured, steps: beginning.step + measured.steps }
    : measured;
}
