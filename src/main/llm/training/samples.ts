import { createGenerator, type Generator } from '../generation/generate.ts';
import { tasksOf } from '../models/tasks.ts';
import type { TrainingJob } from './job.ts';
import type { ModelParameters } from './model-parameters.ts';

/** Writes a sample text with the parameters as they are at the moment. */
export interface SampleWriter {
  /**
   * The text, or undefined when none is configured, the model cannot write, or the job's signal stopped it.
   * @param step with the run's seed it decides the draw
   * @throws LoamError when the model's output is not finite
   */
  write(step: number): Promise<string | undefined>;
  dispose(): Promise<void>;
}

/** The generator is made at the first sample and reads the parameters where they are trained. */
export function createSampleWriter(job: TrainingJob, parameters: ModelParameters): SampleWriter {
  const { engine, shape, tokenizer, signal } = job;
  const { sample, seed } = job.configuration;
  const writes = tasksOf(shape).includes('generate');
  let generator: Generator | undefined;
  return {
    async write(step) {
      if (sample.maximumTokens === 0 || signal.aborted || !writes) return undefined;
      generator ??= await createGenerator({
        engine,
        shape,
        tokenizer,
        weights: parameters.weights,
        adapter: parameters.adapter,
      });
      const { text, reason } = await generator.generate({ ...sample, seed: (seed + step) % 2 ** 32, signal });
      return reason === 'cancelled' ? undefined : text;
    },
    async dispose() {
      await generator?.dispose();
    },
  };
}
