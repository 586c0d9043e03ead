import type { GptShape } from '../../../shared/models/gpt-configuration.ts';
import { LoamError } from '../../../shared/errors.ts';
import { openModelFolder, type ModelFolder } from '../checkpoints/model-folder.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';
import { gptParameters } from '../models/gpt/parameters.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { createGenerator, type Generator } from './generate.ts';

/** A finished model in an engine's memory, ready to write. */
export interface ResidentModel {
  readonly shape: GptShape;
  readonly tokenizer: Tokenizer;
  readonly generator: Generator;
  /** Frees the program, the cache and the weights. */
  close(): Promise<void>;
}

async function loadWeights(
  engine: Engine,
  model: ModelFolder,
  weights: Record<string, DeviceTensor>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { name, shape } of gptParameters(model.shape)) {
    if (signal?.aborted) {
      throw new LoamError({
        kind: 'interrupted',
        what: 'Loading the model was stopped.',
        remedy: 'Load it again.',
      });
    }
    const tensor = engine.allocate('float32', shape);
    weights[name] = tensor;
    await engine.write(tensor, await model.weights.read(name));
  }
}

/**
 * Loads a model folder for writing; the weights do not change any more, so that the engine may repack them.
 * @throws LoamError as `openModelFolder`, or of kind 'interrupted' when `signal` aborts
 */
export async function loadResidentModel(options: {
  readonly engine: Engine;
  readonly folder: string;
  readonly cacheLength?: number;
  readonly signal?: AbortSignal;
}): Promise<ResidentModel> {
  const { engine, folder, cacheLength, signal } = options;
  const model = await openModelFolder(folder);
  const weights: Record<string, DeviceTensor> = {};
  const free = (): void => {
    for (const tensor of Object.values(weights)) tensor.dispose();
  };
  try {
    await loadWeights(engine, model, weights, signal);
    const { shape, tokenizer, endOfText } = model;
    const generator = await createGenerator({
      engine,
      shape,
      weights,
      tokenizer,
      endOfText,
      frozen: true,
      ...(cacheLength === undefined ? {} : { cacheLength }),
    });
    return {
      shape,
      tokenizer,
      generator,
      close: async () => {
        await generator.dispose();
        free();
      },
    };
  } catch (error) {
    free();
    throw error;
  } finally {
    await model.close();
  }
}
