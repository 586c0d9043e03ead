import { LoamError } from '../../../shared/errors.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { loadDeviceWeights } from '../checkpoints/device-weights.ts';
import { openModelFolder } from '../checkpoints/model-folder.ts';
import { isModelFile, requireIntactFolder } from '../files/manifest.ts';
import type { Engine } from '../engines/engine.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { loadChatTemplate, type ChatTemplate } from '../conversations/chat-template.ts';
import { requireTask } from '../models/tasks.ts';
import { createGenerator, type Generator } from './generate.ts';

/** A finished model in an engine's memory, ready to write. */
export interface LoadedModel {
  readonly shape: ModelShape;
  readonly tokenizer: Tokenizer;
  readonly generator: Generator;
  /** Absent for a model that continues texts; an error where there is one that cannot be used. */
  readonly chatTemplate: ChatTemplate | LoamError | undefined;
  /** What of its files was read as something else than they say, in sentences. */
  readonly notes: readonly string[];
  /**
   * Reads the model's files again that were not read as a whole before it was loaded.
   * @throws LoamError when one is not what was written; the model should not be used any more.
   */
  recheck(signal: AbortSignal): Promise<void>;
  /** Frees the program, the cache and the weights. */
  close(): Promise<void>;
}

/**
 * Loads a model folder for writing; the weights do not change any more, so that the engine may repack them. Files that were
 * read and compared with the manifest before are not read again first: `recheck` does it while the model is in use.
 * @throws LoamError as `openModelFolder`, or of kind 'interrupted' when `signal` aborts
 */
export async function loadModel(options: {
  readonly engine: Engine;
  readonly folder: string;
  readonly cacheLength?: number;
  readonly signal?: AbortSignal;
}): Promise<LoadedModel> {
  const { engine, folder, cacheLength, signal } = options;
  const stop = signal === undefined ? {} : { signal };
  const looked = await requireIntactFolder(folder, { concerns: isModelFile, remembered: true, ...stop });
  const model = await openModelFolder(folder);
  try {
    const { shape, tokenizer, endOfText, beginOfText } = model;
    requireTask(shape, 'generate', folder);
    // A template that cannot be used leaves a model that continues texts; whoever chats with it is told.
    const chatTemplate = await loadChatTemplate(folder, tokenizer).catch((error: unknown) => {
      if (error instanceof LoamError) return error;
      throw error;
    });
    const weights = await loadDeviceWeights(engine, shape, (name) => model.weights.read(name), signal);
    const generator = await createGenerator({
      engine,
      shape,
      weights: weights.tensors,
      tokenizer,
      endOfText,
      beginOfText,
      frozen: true,
      ...(cacheLength === undefined ? {} : { cacheLength }),
    }).catch((error: unknown) => {
      weights.dispose();
      throw error;
    });
    return {
      shape,
      tokenizer,
      generator,
      chatTemplate,
      notes: model.notes,
      recheck: async (until) => {
        if (looked.manifest === 'absent') return;
        const unread = new Set(looked.remembered);
        if (unread.size > 0)
          await requireIntactFolder(folder, { concerns: (path) => unread.has(path), signal: until });
      },
      close: async () => {
        await generator.dispose();
        weights.dispose();
      },
    };
  } finally {
    await model.close();
  }
}
