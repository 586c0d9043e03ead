import { startGenerationWorker, type GenerationWorker } from '../../llm/generation/worker-client.ts';
import type { LoadedModel } from '../../llm/generation/worker-protocol.ts';
import type { FoundCheckpoint } from '../checkpoints/checkpoints.ts';
import { availableThreads } from '../hardware/hardware.ts';
import { forkLauncher, type Launcher } from '../jobs/launcher.ts';

/** A checkpoint that is loaded in a process of its own, ready to write. */
export interface Writer {
  readonly model: LoadedModel;
  readonly generate: GenerationWorker['generate'];
  /** Ends the process. */
  close(): Promise<void>;
}

/** Loads a checkpoint for writing. @throws LoamError when it cannot be loaded. */
export async function openWriter(
  checkpoint: FoundCheckpoint,
  { launcher = forkLauncher, signal }: { readonly launcher?: Launcher; readonly signal?: AbortSignal } = {},
): Promise<Writer> {
  const worker = startGenerationWorker(() => launcher('writing'));
  try {
    const model = await worker.load({ folder: checkpoint.folder, threads: await availableThreads() }, signal);
    return {
      model,
      generate: (settings, options) => worker.generate(settings, options),
      close: () => worker.close(),
    };
  } catch (error) {
    await worker.close();
    throw error;
  }
}
