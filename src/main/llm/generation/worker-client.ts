import { fork } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { LoamError } from '../../../shared/errors.ts';
import type { GenerationResult } from './generate.ts';
import { resolveGenerationSettings, type GenerationSettingsInput } from './settings.ts';
import {
  generationReplySchema,
  type Failure,
  type GenerationWorkerReply,
  type GenerationWorkerRequest,
  type LoadedModel,
} from './worker-protocol.ts';

/** A worker process as its parent sees it. Hosts other than Node bring their own. */
export interface GenerationProcess {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the process has ended or could not be started. */
  onExit(listener: (exit: { readonly code: number | null; readonly signal: string | null }) => void): void;
  /** Closes the channel: the worker frees what it holds and exits. */
  disconnect(): void;
  kill(): void;
}

/** A model that writes in a process of its own. */
export interface GenerationWorker {
  /** Loads a model folder in place of the one that is loaded. @throws LoamError saying why it cannot be loaded */
  load(
    model: { readonly folder: string; readonly threads: number; readonly cacheLength?: number },
    signal?: AbortSignal,
  ): Promise<LoadedModel>;
  /**
   * Writes with the loaded model; several calls are carried out one after another.
   * @param settings as of `generator.generate`; `onText` gets each piece with the offset at which it begins
   * @throws LoamError, also when the process ends before it has answered
   */
  generate(
    settings: GenerationSettingsInput,
    options?: {
      readonly signal?: AbortSignal;
      readonly onText?: (text: string, offset: number) => void;
    },
  ): Promise<GenerationResult>;
  /** Frees the model. */
  unload(): Promise<void>;
  /** Ends the process and resolves when it has ended. Writing under way is cancelled. */
  close(): Promise<void>;
  /** Ends the process at once; calls under way fail. */
  kill(): void;
}

/** The module that a worker process runs. */
export const generationWorkerModule = new URL('./worker.ts', import.meta.url);

function forkGenerationProcess(module: URL): GenerationProcess {
  const child = fork(fileURLToPath(module), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    // ONNX Runtime reads this once, when its library is loaded.
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
  });
  return {
    send: (message) => void child.send(message as object, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const tell = (code: number | null, signal: string | null): void => {
        if (!told) listener({ code, signal });
        told = true;
      };
      child.on('exit', tell);
      child.on('error', () => tell(null, null));
    },
    disconnect: () => {
      if (child.connected) child.disconnect();
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function restoreFailure(failure: Failure): Error {
  if (failure.kind === 'account') {
    const { where, ...account } = failure.account;
    return new LoamError({ ...account, ...(where === undefined ? {} : { where }) });
  }
  const error = new Error(failure.message);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}

function endedError({
  code,
  signal,
}: {
  readonly code: number | null;
  readonly signal: string | null;
}): LoamError {
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by the signal ${signal}`;
  return new LoamError({
    kind: 'environment',
    what: `The process in which the model writes ended unexpectedly, ${how}${signal === 'SIGKILL' ? ' (often because the machine ran out of memory)' : ''}.`,
    remedy: 'Load the model again. If it happens again, choose a smaller model or a shorter cache.',
  });
}

type Answer = Exclude<GenerationWorkerReply, { readonly type: 'text' | 'failed' }>;

interface PendingCall {
  readonly onText: (text: string, offset: number) => void;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts a process in which a model can write.
 * @param launch starts the process from its module; default: Node's `fork`
 */
export function startGenerationWorker(
  launch: (module: URL) => GenerationProcess = forkGenerationProcess,
): GenerationWorker {
  const child = launch(generationWorkerModule);
  const calls = new Map<number, PendingCall>();
  let lastId = 0;
  let ended: LoamError | undefined;

  const failAll = (error: Error): void => {
    for (const call of calls.values()) call.reject(error);
    calls.clear();
  };
  const exited = new Promise<void>((resolve) => {
    child.onExit((exit) => {
      ended = endedError(exit);
      failAll(ended);
      resolve();
    });
  });

  child.onMessage((message) => {
    const parsed = generationReplySchema.safeParse(message);
    if (!parsed.success) {
      // The channel speaks something else: nothing that comes through it can be believed any more.
      failAll(new Error(`The generation worker sent an invalid message: ${parsed.error.message}`));
      child.kill();
      return;
    }
    const reply = parsed.data;
    if (reply.type === 'failed') {
      const failure = restoreFailure(reply.failure);
      if (reply.id === undefined) failAll(failure);
      else calls.get(reply.id)?.reject(failure);
      return;
    }
    const call = calls.get(reply.id);
    if (reply.type === 'text') call?.onText(reply.text, reply.offset);
    else call?.resolve(reply);
  });

  const ask = async (
    request: (id: number) => GenerationWorkerRequest,
    signal?: AbortSignal,
    onText: PendingCall['onText'] = () => undefined,
  ): Promise<Answer> => {
    if (ended !== undefined) throw ended;
    const id = ++lastId;
    const cancel = (): void => child.send({ type: 'cancel', id } satisfies GenerationWorkerRequest);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        calls.set(id, { onText, resolve, reject });
        child.send(request(id));
        if (signal?.aborted) cancel();
        else signal?.addEventListener('abort', cancel, { once: true });
      });
    } finally {
      calls.delete(id);
      signal?.removeEventListener('abort', cancel);
    }
  };
  const unexpected = (answer: Answer): Error =>
    new Error(`The generation worker answered with "${answer.type}".`);

  return {
    load: async (model, signal) => {
      const answer = await ask((id) => ({ type: 'load', id, ...model }), signal);
      if (answer.type === 'loaded') return answer.model;
      throw unexpected(answer);
    },
    generate: async (input, { signal, onText } = {}) => {
      const settings = resolveGenerationSettings(input);
      const answer = await ask((id) => ({ type: 'generate', id, settings }), signal, onText);
      if (answer.type === 'done') return answer.result;
      throw unexpected(answer);
    },
    unload: async () => {
      const answer = await ask((id) => ({ type: 'unload', id }));
      if (answer.type !== 'unloaded') throw unexpected(answer);
    },
    close: () => {
      child.disconnect();
      return exited;
    },
    kill: () => child.kill(),
  };
}
