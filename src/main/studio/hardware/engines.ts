import type { EngineState } from '../../../shared/hardware/contract.ts';
import type { Launcher } from '../jobs/launcher.ts';
import type { ModelProcedures } from '../jobs/model-protocol.ts';
import { startWorker } from '../jobs/worker-client.ts';

/** What this Loam has no code for yet, and what people ask about. */
const absent: readonly EngineState[] = [
  { name: 'CUDA', state: 'absent' },
  { name: 'WebGPU', state: 'absent' },
];

let known: EngineState | undefined;

/** What can compute here. The engine's library is loaded in a process of its own, so that it takes nobody with it. */
export async function listEngines(launcher: Launcher): Promise<readonly EngineState[]> {
  const onnxRuntime = known ?? (await checkOnnxRuntime(launcher));
  // What works goes on working; what fails may be mended while Loam runs.
  if (onnxRuntime.state === 'ready') known = onnxRuntime;
  return [onnxRuntime, ...absent];
}

async function checkOnnxRuntime(launcher: Launcher): Promise<EngineState> {
  const name = 'ONNX Runtime';
  const worker = startWorker<ModelProcedures>(launcher('model'), 'engine check');
  try {
    const { version } = await worker.call('checkEngine', { engine: 'onnxruntime' });
    return { name, version, state: 'ready' };
  } catch (error) {
    return { name, state: 'failing', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await worker.close();
  }
}
