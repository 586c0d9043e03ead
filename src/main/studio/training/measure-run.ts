import { resolveModelShape } from '../../../shared/models/registry.ts';
import { threadsOf, trainedSettings } from '../../../shared/runs/configuration.ts';
import type { PlannedRun } from '../../../shared/runs/creation-contract.ts';
import { findInstalledEngine } from '../engines/installed-engine.ts';
import { describeHardware } from '../hardware/hardware.ts';
import { withWorker, type WorkerClient } from '../processes/worker-client.ts';
import type { PreparationProcedures } from './preparation-protocol.ts';
import type { StartedJob } from '../jobs/job-board.ts';
import { estimateParameters } from './estimate-parameters.ts';
import { estimateText } from './estimate-text.ts';
import { rememberMeasurement, type Measurement } from '../engines/measurements.ts';
import { planRun } from './plan-run.ts';
import type { PlannedStart } from './planned-start.ts';
import { shapeOfStart } from './start-issues.ts';
import type { TrainAsJobContext } from './train-as-job.ts';

/**
 * Measures, as a job, what a step of a planned run takes on this machine, and remembers it for estimates.
 * @param start the model that it begins with
 * @throws LoamError when the run could not be trained at all.
 */
export async function measurePlannedRun(
  { project, jobs, studio }: TrainAsJobContext,
  plan: PlannedRun,
  start?: PlannedStart,
): Promise<StartedJob<Measurement>> {
  const configuration = await planRun(project, plan, start);
  const { objective, training, engine } = configuration;
  const shape =
    start === undefined
      ? resolveModelShape(
          configuration.model,
          await estimateText(project, plan.dataset, plan.tokenizer, configuration),
        )
      : shapeOfStart(start, configuration.model);
  const threads = threadsOf(configuration);
  return jobs.start(
    { kind: 'measurement', title: 'Measure a model on this machine' },
    async ({ signal, report, notice }) => {
      report({ stage: 'Trying a few steps' });
      const trains = jobs.list().some(({ kind, status }) => kind === 'training' && status === 'running');
      const calibration = await withWorker(
        studio.launcher('preparation'),
        'preparation',
        (worker: WorkerClient<PreparationProcedures>) =>
          worker.call('measure', { objective, shape, training, engine: engine.name, threads }, { signal }),
      );
      if (trains)
        notice(
          'A run trained meanwhile, so that the model will be faster than measured when it has the machine to itself.',
        );
      const here = await findInstalledEngine(engine.name);
      const measurement: Measurement = {
        processor: describeHardware().processor,
        shape,
        parameters: estimateParameters(shape).total,
        batchSize: training.batchSize,
        microBatchSize: training.microBatchSize,
        gradientCheckpointing: training.gradientCheckpointing,
        ...trainedSettings(training),
        engine: engine.name,
        ...(here === undefined ? {} : { engineVersion: here.version, engineDevice: here.device }),
        threads,
        secondsPerStep: calibration.secondsPerStep,
        memoryBytes: calibration.memoryBytes,
        measuredAt: project.clock().toISOString(),
      };
      await rememberMeasurement(measurement);
      return measurement;
    },
  );
}
