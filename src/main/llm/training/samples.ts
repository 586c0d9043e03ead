import { createGenerator, type Generator } from '../generation/generate.ts';
import { tasksOf } from '../models/tasks.ts';
import type { TrainingJob } from './job.ts';
import type { ModelParameters } from './model-parameters.ts';

/** A text that a model wrote. */
export interface Sample {
  /** What it goes on from. */
  readonly prompt: string;
  readonly text: string;
}

/** Writes a sample text with the parameters as they are at the moment. */
export interface SampleWriter {
  /**
   * The sample, or undefined when none is configured, the model cannot write, or the job's signal stopped it.
   * @param step with the run's seed it decides the draw
   * @throws LoamError when the model's output is not finite
   */
  write(step: number): Promise<Sample | undefined>;
  dispose(): Promise<void>;
}

/** The generator is made at the first sample and reads the parameters where they are trained. */
export function createSampleWriter(job: TrainingJob, parameters: ModelParameters): SampleWriter {
  const { engine, shape, tokenizer, signal, conversation } = job;
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
      const promptIds = await promptIdsOf(job);
      const { text, reason } = await generator.generate({
        ...sample,
        seed: (seed + step) % 2 ** 32,
        signal,
        ...(promptIds === undefined ? {} : { promptIds }),
        ...(conversation === undefined ? {} : { endOfText: conversation.endOfReply }),
      });
      const prompt = promptIds === undefined ? sample.prompt : tokenizer.decode(promptIds);
      return reason === 'cancelled' ? undefined : { prompt, text };
    },
    async dispose() {
      await generator?.dispose();
    },
  };
}

/**
 * What a sample of a model that holds conversations goes on from: the prompt as something that was said to it, or what an
 * example that it is measured on asks. Undefined: the prompt as it is.
 */
async function promptIdsOf({
  configuration,
  conversation,
  objective,
  data,
}: TrainingJob): Promise<readonly number[] | undefined> {
  const { prompt } = configuration.sample;
  if (prompt === '') return objective.question?.(data.validation, 0).prompt;
  return conversation?.encode([{ role: 'user', content: prompt }]);
}
