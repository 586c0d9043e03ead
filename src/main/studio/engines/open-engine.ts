import { assertNever } from '../../../shared/errors.ts';
import type { Engine, EngineName } from '../../llm/engines/engine.ts';
import { requireOnCard } from './engine-faults.ts';
import { usePack } from './pack-use.ts';
import { packFolder, requireInstalled, requirePack } from './pack.ts';

/**
 * Opens an engine in this process, which must be a worker: its library is loaded here.
 * @throws LoamError of kind 'environment' when the engine is not installed, cannot be loaded, or does not find its card
 */
export async function openEngine(name: EngineName, threads: number): Promise<Engine> {
  switch (name) {
    case 'onnxruntime': {
      const { createOnnxRuntimeEngine } = await import('../../llm/engines/onnxruntime/engine.ts');
      return createOnnxRuntimeEngine({ threads });
    }
    case 'tensorflow': {
      // Before it is looked at: from here on nobody removes it.
      usePack(packFolder());
      const libraries = await requirePack();
      const { createTensorFlowEngine } = await import('../../llm/engines/tensorflow/engine.ts');
      const engine = await createTensorFlowEngine({ threads, libraries });
      try {
        // Where the card fails it, TensorFlow computes on the processor without a word.
        if ((await requireInstalled()).device === 'gpu') requireOnCard(engine.description.deviceKind);
      } catch (error) {
        await engine.dispose();
        throw error;
      }
      return engine;
    }
    default:
      return assertNever(name);
  }
}
