import { LoamError } from '../../../shared/errors.ts';
import type { Engine } from '../engines/engine.ts';
import { countParameters } from '../models/gpt/parameters.ts';
import { loadResidentModel, type ResidentModel } from './resident-model.ts';
import {
  generationRequestSchema,
  type Failure,
  type GenerationWorkerReply,
  type GenerationWorkerRequest,
} from './worker-protocol.ts';

/** Answers the messages of a generation worker. */
export interface GenerationServer {
  /** Takes a message as it comes; anything that is no valid request is answered with a failure. */
  receive(message: unknown): void;
  /** Stops what is under way and frees everything. */
  close(): Promise<void>;
}

type Work = Exclude<GenerationWorkerRequest, { readonly type: 'cancel' }>;

function describeFailure(error: unknown): Failure {
  if (error instanceof LoamError) {
    const { kind, what, where, remedy } = error;
    return { kind: 'account', account: { kind, what, remedy, ...(where === undefined ? {} : { where }) } };
  }
  return error instanceof Error
    ? { kind: 'defect', message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) }
    : { kind: 'defect', message: String(error) };
}

/** A server that makes its engine when a model is loaded, and has one model at a time. */
export function createGenerationServer(
  createEngine: (options: { readonly threads: number }) => Promise<Engine>,
  reply: (message: GenerationWorkerReply) => void,
): GenerationServer {
  const stops = new Map<number, AbortController>();
  let loaded: { readonly engine: Engine; readonly model: ResidentModel } | undefined;
  let queue: Promise<void> = Promise.resolve();

  const unload = async (): Promise<void> => {
    const before = loaded;
    loaded = undefined;
    await before?.model.close();
    await before?.engine.dispose();
  };

  const load = async (request: Extract<Work, { type: 'load' }>, signal: AbortSignal): Promise<void> => {
    await unload();
    const { folder, threads, cacheLength } = request;
    const engine = await createEngine({ threads });
    try {
      const model = await loadResidentModel({
        engine,
        folder,
        signal,
        ...(cacheLength === undefined ? {} : { cacheLength }),
      });
      loaded = { engine, model };
      const { style, vocabularySize, contextLength } = model.shape;
      const parameters = countParameters(model.shape);
      const tokenizerHash = model.tokenizer.hash;
      reply({
        type: 'loaded',
        id: request.id,
        model: { style, vocabularySize, contextLength, parameters, tokenizerHash },
      });
    } catch (error) {
      await engine.dispose();
      throw error;
    }
  };

  const generate = async (
    request: Extract<Work, { type: 'generate' }>,
    signal: AbortSignal,
  ): Promise<void> => {
    if (loaded === undefined) {
      throw new LoamError({ kind: 'misuse', what: 'No model is loaded.', remedy: 'Load a model first.' });
    }
    let offset = 0;
    const { ids, ...result } = await loaded.model.generator.generate({
      ...request.settings,
      signal,
      onText: (text) => {
        reply({ type: 'text', id: request.id, offset, text });
        offset += text.length;
      },
    });
    reply({ type: 'done', id: request.id, result: { ...result, ids: [...ids] } });
  };

  const work = async (request: Work, signal: AbortSignal): Promise<void> => {
    switch (request.type) {
      case 'load':
        return load(request, signal);
      case 'generate':
        return generate(request, signal);
      case 'unload':
        await unload();
        reply({ type: 'unloaded', id: request.id });
        return;
      default:
        request satisfies never;
    }
  };

  const enqueue = (request: Work): void => {
    const stop = new AbortController();
    stops.set(request.id, stop);
    const before = queue;
    const run = async (): Promise<void> => {
      await before;
      try {
        await work(request, stop.signal);
      } catch (error) {
        reply({ type: 'failed', id: request.id, failure: describeFailure(error) });
      } finally {
        stops.delete(request.id);
      }
    };
    queue = run();
  };

  return {
    receive: (message) => {
      const parsed = generationRequestSchema.safeParse(message);
      if (!parsed.success) {
        const what = parsed.error.issues
          .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
          .join('; ');
        reply({ type: 'failed', failure: { kind: 'defect', message: `Not a valid request: ${what}` } });
      } else if (parsed.data.type === 'cancel') {
        stops.get(parsed.data.id)?.abort();
      } else if (stops.has(parsed.data.id)) {
        const message = `The request ${parsed.data.id} is under way already.`;
        reply({ type: 'failed', failure: { kind: 'defect', message } });
      } else {
        enqueue(parsed.data);
      }
    },
    close: async () => {
      for (const stop of stops.values()) stop.abort();
      await queue;
      await unload();
    },
  };
}
