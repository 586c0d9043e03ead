import { z } from 'zod';

/** The longest message that a page may send, in bytes. A page hands over files by upload or by their paths. */
export const longestMessage = 4 * 2 ** 20;
/** Streams that one page may follow at a time. */
export const mostStreams = 200;

/** What oRPC's client sends: a call, or that it no longer wants the answer. A page streams nothing to the studio. */
const messageSchema = z.union([
  z.strictObject({
    i: z.string().max(100),
    p: z.strictObject({
      u: z.string().startsWith('/').max(300),
      b: z.unknown().optional(),
      h: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    }),
  }),
  z.strictObject({ i: z.string().max(100), t: z.literal(4), p: z.unknown().optional() }),
]);

/** A page's message: a call, or that the answer of the call with this id is no longer wanted. */
export interface PageMessage {
  readonly kind: 'call' | 'end';
  readonly id: string;
}

/** Reads a page's message; undefined for anything that oRPC's client would not have sent. */
export function readMessage(text: string): PageMessage | undefined {
  try {
    const message = messageSchema.parse(JSON.parse(text));
    return { kind: 't' in message ? 'end' : 'call', id: message.i };
  } catch {
    return undefined;
  }
}
