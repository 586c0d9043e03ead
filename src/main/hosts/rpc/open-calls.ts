import { ORPCError } from '@orpc/server';
import type { StandardHandlerInterceptorOptions, StandardHandleResult } from '@orpc/server/standard';
import type { CallContext } from '../../studio/api/implement.ts';
import { isStream } from '../../studio/api/streams.ts';

/** The calls of one page that are under way. */
export interface OpenCalls {
  /** Those that were not answered yet. */
  unanswered(): number;
  /** Counts each call; refuses a stream beyond the number that one page may have. */
  readonly interceptor: (
    call: StandardHandlerInterceptorOptions<CallContext> & { next(): Promise<StandardHandleResult> },
  ) => Promise<StandardHandleResult>;
}

/**
 * @param mostStreams the streams that a page may have at a time. A stream lasts until it has ended or its reader has let
 *   go of it.
 * @param onAnswered told when a call has its answer, or failed, or was given up
 */
export function createOpenCalls(mostStreams: number, onAnswered: () => void = () => undefined): OpenCalls {
  let unanswered = 0;
  let streams = 0;
  return {
    unanswered: () => unanswered,
    interceptor: async (call) => {
      unanswered += 1;
      try {
        const result = await call.next();
        const body = result.response?.body;
        if (!isStream(body)) return result;
        if (streams >= mostStreams) {
          await body.return?.();
          throw new ORPCError('TOO_MANY_REQUESTS', {
            message: `This page follows more than ${mostStreams} things at a time. Reload it.`,
          });
        }
        streams += 1;
        return {
          ...result,
          response: { ...result.response, body: whenEnded(body, () => (streams -= 1)) },
        } as StandardHandleResult;
      } finally {
        unanswered -= 1;
        onAnswered();
      }
    },
  };
}

/** The same stream, with something done once when it ends, in whatever way. */
function whenEnded(
  stream: AsyncIterator<unknown>,
  tell: () => void,
): AsyncIteratorObject<unknown, unknown, void> {
  let ended = false;
  const end = (): void => {
    if (!ended) tell();
    ended = true;
  };
  const watched: AsyncIteratorObject<unknown, unknown, void> = {
    next: async () => {
      try {
        const result = await stream.next();
        if (result.done === true) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    return: async (value) => {
      end();
      await stream.return?.();
      return { done: true, value };
    },
    [Symbol.asyncIterator]: () => watched,
    [Symbol.asyncDispose]: async () => {
      await watched.return?.();
    },
  };
  return watched;
}
