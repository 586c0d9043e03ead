import { assertNever } from '../../../shared/errors.ts';
import type { Engine, EngineName } from '../../llm/engines/engine.ts';
import { usePack } from './pack-use.ts';
import { packFolder, requirePack } from './pack.ts';

/**
 * Opens an engine in this process, which must be a worker: its library is loaded here.
 * @throws LoamError of kind 'environment' when the engine is not installed or cannot be loaded
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
      return createTensorFlowEngine({ threads, libraries });
    }
    default:
      return assertNever(name);
  }
}
