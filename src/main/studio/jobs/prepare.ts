import type { Launcher } from './launcher.ts';
import type { PreparationProcedures } from './preparation-protocol.ts';
import { startWorker, type CallOptions } from './worker-client.ts';

/**
 * Does one piece of preparation in a process of its own, which ends with it.
 * @throws LoamError when it cannot be done, was cancelled, or its process was ended.
 */
export async function prepare<Name extends keyof PreparationProcedures>(
  launcher: Launcher,
  name: Name,
  parameters: PreparationProcedures[Name]['parameters'],
  options: CallOptions<PreparationProcedures[Name]['event']> = {},
): Promise<PreparationProcedures[Name]['result']> {
  const worker = startWorker<PreparationProcedures>(launcher('preparation'), 'preparation');
  try {
    return await worker.call(name, parameters, options);
  } finally {
    await worker.close();
  }
}
