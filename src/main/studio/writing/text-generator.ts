import type { EngineName } from '../../../shared/engines/engine.ts';
import type { GenerationSettingsInput } from '../../../shared/generation/settings.ts';
import type { GenerationResult } from '../../llm/generation/generate.ts';
import type { FoundCheckpoint } from '../checkpoints/find-checkpoint.ts';
import { availableThreads } from '../hardware/hardware.ts';
import { forkLauncher, type Launcher } from '../processes/launcher.ts';
import { requireUsualEngine } from '../engines/usual-engine.ts';
import { startWorker } from '../processes/worker-client.ts';
import type { LoadedModelDescription, WritingProcedures, WritingTask } from './writing-protocol.ts';

export interface WritingOptions {
  /** Ends the writing; what was written until then is the result. */
  readonly signal?: AbortSignal;
  /** Gets each piece of the text; pieces follow one another. */
  readonly onText?: (text: string) => void;
}

/** A checkpoint that is loaded in a process of its own, ready to write. */
export interface TextGenerator {
  readonly model: LoadedModelDescription;
  /**
   * Writes on from the prompt of the settings, or the next reply to some messages; several calls are carried out one after
   * another.
   * @throws LoamError, also when the process ends before it has answered
   */
  generate(
    settings: GenerationSettingsInput,
    options?: WritingOptions & Pick<WritingTask, 'messages'>,
  ): Promise<GenerationResult>;
  /** Ends the process. Writing under way is cancelled. */
  close(): Promise<void>;
}

export interface TextGeneratorOptions {
  readonly launcher?: Launcher;
  readonly signal?: AbortSignal;
  /** Default: all cores but those that the settings leave free. */
  readonly threads?: number;
  /** Default: the one of the settings. */
  readonly engine?: EngineName;
}

/** Loads a checkpoint for writing. @throws LoamError when it cannot be loaded. */
export async function openTextGenerator(
  checkpoint: Pick<FoundCheckpoint, 'folder'>,
  { launcher = forkLauncher, signal, threads, engine }: TextGeneratorOptions = {},
): Promise<TextGenerator> {
  const worker = startWorker<WritingProcedures>(launcher('writing'), 'writing');
  try {
    const model = await worker.call(
      'load',
      {
        folder: checkpoint.folder,
        engine: engine ?? (await requireUsualEngine('writing')),
        threads: threads ?? (await availableThreads()),
      },
      signal === undefined ? {} : { signal },
    );
    return {
      model,
      generate: async (settings, { signal: stop, onText, messages } = {}) =>
        worker.call(
          'generate',
          { settings, ...(messages === undefined ? {} : { messages }) },
          {
            ...(stop === undefined ? {} : { signal: stop }),
            ...(onText === undefined ? {} : { onEvent: ({ text }) => onText(text) }),
          },
        ),
      close: () => worker.close(),
    };
  } catch (error) {
    await worker.close();
    throw error;
  }
}
