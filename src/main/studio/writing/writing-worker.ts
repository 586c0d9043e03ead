import { modelDeclarationOf } from '../../../shared/models/registry.ts';
import { LoamError } from '../../../shared/errors.ts';
import type { Engine } from '../../llm/engines/engine.ts';
import { loadModel } from '../../llm/generation/loaded-model.ts';
import { countParameters } from '../../llm/models/registry.ts';
import { openEngine } from '../engines/open-engine.ts';
import { serveWorker } from '../processes/worker-server.ts';
import type { WritingProcedures } from './writing-protocol.ts';

/** The process in which a model writes, so that a crash of the engine's library takes nobody with it. */

interface Loaded {
  readonly engine: Engine;
  readonly model: Awaited<ReturnType<typeof loadModel>>;
  /** Ends the reading of its files in the background. */
  readonly recheck: AbortController;
  /** What that reading found. */
  damage?: unknown;
}

let loaded: Loaded | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** Has calls wait for one another: a model writes one text at a time. */
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = queue.then(work);
  queue = result.catch(() => undefined);
  return result;
}

async function unload(): Promise<void> {
  const before = loaded;
  loaded = undefined;
  before?.recheck.abort();
  await before?.model.close();
  await before?.engine.dispose();
}

serveWorker<WritingProcedures>({
  load: ({ engine: name, threads, ...options }, { signal }) =>
    inTurn(async () => {
      await unload();
      const engine = await openEngine(name, threads);
      try {
        const model = await loadModel({ engine, signal, ...options });
        const entry: Loaded = { engine, model, recheck: new AbortController() };
        loaded = entry;
        model.recheck(entry.recheck.signal).catch((error: unknown) => {
          if (!entry.recheck.signal.aborted) entry.damage = error;
        });
        const { shape, tokenizer, chatTemplate, notes } = model;
        return {
          modelType: modelDeclarationOf(shape).modelType(shape),
          vocabularySize: shape.vocabularySize,
          contextLength: shape.contextLength,
          parameters: countParameters(shape),
          tokenizerHash: tokenizer.hash,
          chat: chatTemplate !== undefined && !(chatTemplate instanceof LoamError),
          notes: chatTemplate instanceof LoamError ? [...notes, chatTemplate.message] : notes,
        };
      } catch (error) {
        await engine.dispose();
        throw error;
      }
    }),
  generate: ({ settings, messages }, { signal, emit }) =>
    inTurn(async () => {
      if (loaded === undefined)
        throw new LoamError({ kind: 'misuse', what: 'No model is loaded.', remedy: 'Load a model first.' });
      if (loaded.damage !== undefined) throw loaded.damage;
      const { generator, chatTemplate } = loaded.model;
      const request = {
        ...settings,
        signal,
        onText: (text: string) => emit({ text }),
      };
      if (messages === undefined) return generator.generate(request);
      if (chatTemplate instanceof LoamError) throw chatTemplate;
      if (chatTemplate === undefined)
        throw new LoamError({
          kind: 'input',
          what: 'This model has no chat template: it continues a text and knows no conversation.',
          remedy: 'Write with it instead of chatting.',
        });
      return generator.generate({
        ...request,
        promptIds: await chatTemplate.encode(messages),
        endOfText: chatTemplate.endOfReply,
      });
    }),
  unload: () =>
    inTurn(async () => {
      await unload();
      return undefined;
    }),
});
