import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { TrainingConfiguration } from '../../../shared/runs/configuration.ts';
import type { Calibration } from '../../../shared/runs/events.ts';
import type { Engine } from '../engines/engine.ts';
import type { Objective } from '../objectives/objective.ts';
import type { TrainingJob } from './job.ts';
import { writeInitialParameters } from './initialization.ts';
import { measureRun } from './measure.ts';
import { createModelParameters } from './model-parameters.ts';
import { processMemory, type MemoryProbe } from './memory-probe.ts';

export interface MeasureConfigurationOptions {
  readonly engine: Engine;
  readonly shape: ModelShape;
  readonly objective: Objective;
  readonly configuration: TrainingConfiguration;
  /** As in a training job. */
  readonly trains?: TrainingJob['trains'];
  readonly signal: AbortSignal;
  /** Seconds, monotonic. */
  readonly clock: () => number;
  /** Default: this process's memory. */
  readonly memory?: MemoryProbe;
}

/**
 * What a run of this configuration would measure at its start, without a run and without a text: how long a step takes
 * does not depend on which tokens it reads.
 * @throws LoamError of kind 'environment' when the smallest micro-batch does not fit in memory, of kind 'interrupted' when
 *   the signal aborts.
 */
export async function measureConfiguration(options: MeasureConfigurationOptions): Promise<Calibration> {
  const { engine, shape, objective, configuration, trains, signal, clock, memory = processMemory } = options;
  await using resources = new AsyncDisposableStack();
  const owned = <Resource extends { dispose(): Promise<void> }>(resource: Resource): Resource =>
    resources.adopt(resource, (it) => it.dispose());
  const parameters = owned(await createModelParameters(engine, shape, trains));
  await writeInitialParameters(engine, parameters, configuration.seed);
  signal.throwIfAborted();
  const evaluator = owned(
    await objective.createEvaluator({
      engine,
      shape,
      weights: parameters.weights,
      adapter: parameters.adapter,
    }),
  );
  signal.throwIfAborted();
  const examples = objective.syntheticSplit(shape);
  const data = { train: examples, validation: examples };
  const started = clock();
  return await measureRun(
    { engine, shape, objective, data, configuration, clock, signal },
    parameters,
    evaluator,
    memory,
    () => clock() - started,
  );
}
