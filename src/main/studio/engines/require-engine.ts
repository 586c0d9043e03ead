import { assertNever } from '../../../shared/errors.ts';
import type { EngineName } from '../../llm/engines/engine.ts';
import { requireInstalled } from './pack.ts';

/** @throws LoamError when an engine is not here, so that nothing begins that could not be computed */
export async function requireEngine(name: EngineName): Promise<void> {
  switch (name) {
    case 'onnxruntime':
      return;
    case 'tensorflow':
      await requireInstalled();
      return;
    default:
      assertNever(name);
  }
}
