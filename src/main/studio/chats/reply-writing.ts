import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChatSettings, ReplyDelta } from '../../../shared/chats/chat.ts';
import { LoamError } from '../../../shared/errors.ts';
import { mostAlternatives } from '../../../shared/generation/settings.ts';
import type { ChatMessage } from '../../llm/conversations/chat-message.ts';
import type { GenerationResult } from '../../llm/generation/generate.ts';
import type { FoundCheckpoint } from '../checkpoints/find-checkpoint.ts';
import { isLocked } from '../processes/process-lock.ts';
import type { Launcher } from '../processes/launcher.ts';
import { describeFailure } from '../processes/worker-failure.ts';
import type { Project } from '../projects/projects.ts';
import { findReplyRow, listRepliesBeingWritten, updateReply } from '../store/chats.ts';
import { isAnyRunTraining } from '../store/training-runs.ts';
import { createModelCache, type ModelCache } from '../writing/model-cache.ts';

/** What a reply is written from. */
export interface ReplyTask {
  readonly checkpoint: FoundCheckpoint;
  readonly settings: ChatSettings;
  /** A text to go on with, or a conversation to reply in. */
  readonly input:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'messages'; readonly messages: readonly ChatMessage[] };
  readonly probabilities: boolean;
  readonly threads?: number;
}

/** The replies that this host is writing for a project. */
export interface ReplyWriting {
  /** Names this host's stay; replies that it writes carry it. */
  readonly session: string;
  /** Begins to write a reply whose row is there. */
  start(reply: number, task: ReplyTask): void;
  /**
   * A reply's text from an offset on, until it has ended. Each piece is cut when it is asked for, so that a slow reader gets
   * longer pieces and nothing piles up.
   */
  follow(reply: number, from: number, signal?: AbortSignal): AsyncGenerator<ReplyDelta>;
  /** Ends the writing of a reply. @returns once what was written is in the store. */
  stop(reply: number): Promise<void>;
  /** Whether a model folder is being written with. */
  busy(folder: string): boolean;
  /** Stops what is written with a model folder and lets go of the model. */
  release(folder: string): Promise<void>;
  /** Marks replies of hosts that went away as interrupted. */
  settle(): void;
  close(): Promise<void>;
}

interface LiveReply {
  readonly folder: string;
  readonly stop: AbortController;
  text: string;
  ended: boolean;
  /** Resolves at the next change. */
  changed: PromiseWithResolvers<undefined>;
  readonly done: Promise<void>;
}

/** The least time between two pieces, in milliseconds: a page draws no more often. */
const pieceInterval = 30;
/** How often a growing text is stored, in milliseconds: what a crash may lose. */
const storeInterval = 500;

export function createReplyWriting(options: {
  readonly project: Project;
  readonly session: string;
  readonly launcher: Launcher;
  readonly models?: ModelCache;
}): ReplyWriting {
  const { project, session, launcher } = options;
  const { store, log } = project;
  const models = options.models ?? createModelCache({ launcher, trains: () => isAnyRunTraining(store) });
  const live = new Map<number, LiveReply>();

  const change = (reply: LiveReply): void => {
    const { resolve } = reply.changed;
    reply.changed = Promise.withResolvers();
    resolve(undefined);
  };

  const settle = (): void => {
    for (const { id, session: other } of listRepliesBeingWritten(store)) {
      if (other === session ? live.has(id) : isLocked(join(project.folder, 'locks', `session-${other}.lock`)))
        continue;
      updateReply(store, id, { status: 'interrupted' });
    }
  };
  settle();

  const generate = (task: ReplyTask, reply: LiveReply): Promise<GenerationResult> => {
    const { signal } = reply.stop;
    // The system prompt is among the messages of the task.
    const { systemPrompt: _, ...settings } = task.settings;
    return models.use(
      task.checkpoint.folder,
      (generator) =>
        generator.generate(
          {
            ...settings,
            ...(task.input.kind === 'text' ? { prompt: task.input.text } : {}),
            ...(task.probabilities ? { alternatives: mostAlternatives } : {}),
          },
          {
            signal,
            ...(task.input.kind === 'messages' ? { messages: task.input.messages } : {}),
            onText: (piece) => {
              reply.text += piece;
              change(reply);
            },
          },
        ),
      { signal, ...(task.threads === undefined ? {} : { threads: task.threads }) },
    );
  };

  /** Writes a reply and keeps its outcome, whatever it is. */
  const work = async (id: number, task: ReplyTask, reply: LiveReply): Promise<void> => {
    let stored = '';
    const storing = setInterval(() => {
      if (reply.text === stored) return;
      stored = reply.text;
      try {
        updateReply(store, id, { text: stored });
      } catch (error) {
        log.error(error, { reply: id });
      }
    }, storeInterval);
    try {
      const result = await generate(task, reply);
      const { reason: stopped } = reply.stop.signal as { readonly reason: unknown };
      if (stopped instanceof LoamError) throw stopped;
      // Whole characters only came as pieces; the result has the last of them too.
      reply.text = result.text;
      updateReply(store, id, {
        status: 'done',
        text: result.text,
        reason: result.reason,
        promptTokens: result.promptTokens,
        writtenTokens: result.ids.length,
        tokensPerSecond: result.tokensPerSecond,
        tokensJson: result.tokens === undefined ? null : JSON.stringify(result.tokens),
      });
    } catch (error) {
      if (reply.stop.signal.aborted) {
        const failure = reply.stop.signal.reason instanceof LoamError ? reply.stop.signal.reason : undefined;
        end(id, {
          text: reply.text,
          ...(failure === undefined
            ? { status: 'done', reason: 'cancelled' }
            : { status: 'failed', errorJson: accountOf(failure) }),
        });
      } else {
        log.error(error, { reply: id });
        end(id, { status: 'failed', text: reply.text, errorJson: accountOf(error) });
      }
    } finally {
      clearInterval(storing);
      live.delete(id);
      reply.ended = true;
      change(reply);
    }
  };

  const accountOf = (error: unknown): string => {
    const failure = describeFailure(error);
    return JSON.stringify(
      failure.kind === 'account'
        ? failure.account
        : {
            kind: 'environment',
            what: 'Something in Loam went wrong that should not.',
            remedy: `What was written is kept. The details are in ${log.file}.`,
          },
    );
  };

  const end = (id: number, changes: Parameters<typeof updateReply>[2]): void => {
    try {
      updateReply(store, id, changes);
    } catch (error) {
      // The store is closed or the disk full: the reply reads interrupted when the project is opened next.
      log.error(error, { reply: id });
    }
  };

  return {
    session,
    start: (id, task) => {
      const reply: LiveReply = {
        folder: task.checkpoint.folder,
        stop: new AbortController(),
        text: '',
        ended: false,
        changed: Promise.withResolvers(),
        done: Promise.resolve(),
      };
      live.set(id, reply);
      Object.assign(reply, { done: work(id, task, reply) });
    },
    async *follow(id, from, signal) {
      let offset = from;
      let first = true;
      const gone = signal === undefined ? [] : [aborted(signal)];
      for (;;) {
        if (signal?.aborted === true) return;
        const reply = live.get(id);
        const { text, ended } = reply ?? readStored(id);
        if (first || ended || text.length > offset) {
          // A page that knows more than there is had it from another text; it is told where this one stands.
          const start = Math.min(offset, text.length);
          yield { offset: start, text: text.slice(start), ended };
          if (ended) return;
          offset = text.length;
          first = false;
          await wait(pieceInterval);
        } else if (reply === undefined) {
          // Another host writes it: its text comes by way of the store.
          await wait(storeInterval);
        } else {
          await Promise.race([reply.changed.promise, ...gone]);
        }
      }
    },
    stop: async (id) => {
      const reply = live.get(id);
      reply?.stop.abort();
      await reply?.done;
    },
    busy: (folder) => models.busy(folder) || [...live.values()].some((reply) => reply.folder === folder),
    release: async (folder) => {
      const affected = [...live.values()].filter((reply) => reply.folder === folder);
      for (const { stop } of affected) stop.abort(deletedWhileWriting());
      await Promise.all(affected.map(({ done }) => done));
      await models.unload(folder);
    },
    settle,
    close: async () => {
      const all = [...live.values()];
      for (const { stop } of all) stop.abort();
      await Promise.all(all.map(({ done }) => done));
      await models.close();
    },
  };

  function readStored(id: number): { readonly text: string; readonly ended: boolean } {
    settle();
    const row = findReplyRow(store, id);
    if (row === undefined)
      throw new LoamError({
        kind: 'input',
        what: 'This text is not there any more: its conversation was deleted.',
        remedy: 'Begin a new one.',
      });
    return { text: row.text, ended: row.status !== 'writing' };
  }
}

function deletedWhileWriting(): LoamError {
  return new LoamError({
    kind: 'input',
    what: 'The checkpoint was deleted while it wrote.',
    remedy: 'What it had written is kept. Choose another checkpoint to go on.',
  });
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
