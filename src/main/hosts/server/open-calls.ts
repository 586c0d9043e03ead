import { ORPCError } from '@orpc/server';
import type { StandardHandlerInterceptorOptions, StandardHandleResult } from '@orpc/server/standard';
import type { CallContext } from '../../studio/implement.ts';
import { isStream } from '../../studio/streams.ts';

type Interceptor = (
  options: StandardHandlerInterceptorOptions<CallContext> & { next(): Promise<StandardHandleResult> },
) => Promise<StandardHandleResult>;

/**
 * Refuses a page's calls beyond a number that are under way at a time. A stream is under way until it has ended or its
 * reader has let go of it.
 */
export function limitOpenCalls(most: number): Interceptor {
  let open = 0;
  return async (call) => {
    if (open >= most)
      throw new ORPCError('TOO_MANY_REQUESTS', {
        message: `More than ${most} calls of this page are under way. Reload the page.`,
      });
    open += 1;
    let streams = false;
    try {
      const result = await call.next();
      const body = result.response?.body;
      if (!isStream(body)) return result;
      streams = true;
      return {
        ...result,
        response: { ...result.response, body: whenEnded(body, () => (open -= 1)) },
      } as StandardHandleResult;
    } finally {
      if (!streams) open -= 1;
    }
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
