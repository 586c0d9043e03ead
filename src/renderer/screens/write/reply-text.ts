import { useEffect, useState } from 'react';
import type { ChatReply } from '../../../shared/chats/chat.ts';
import { client } from '../../client/client.ts';
import { isRefusal } from '../../client/error-account.ts';

/** How long to wait before following again after the connection was lost, in milliseconds. */
const retryDelay = 800;

interface Followed {
  readonly reply: number;
  readonly text: string;
}

/**
 * A reply's text, which grows while it is written. The offset up to which it is known goes with each question, so that a
 * connection that breaks, or a page that slept, neither loses a character nor gets one twice.
 */
export function useReplyText(reply: ChatReply): string {
  const { id, status, text } = reply;
  const [followed, setFollowed] = useState<Followed>({ reply: id, text });
  const growing = status === 'writing';

  useEffect(() => {
    if (!growing) return;
    const gone = new AbortController();
    void follow(id, gone.signal, setFollowed);
    return () => gone.abort();
  }, [id, growing]);

  return growing && followed.reply === id ? longer(followed.text, text) : text;
}

function longer(a: string, b: string): string {
  return a.length > b.length ? a : b;
}

async function follow(reply: number, signal: AbortSignal, show: (followed: Followed) => void): Promise<void> {
  let text = '';
  while (!signal.aborted) {
    try {
      for await (const delta of await client.chats.follow({ reply, from: text.length }, { signal })) {
        text = text.slice(0, delta.offset) + delta.text;
        show({ reply, text });
        if (delta.ended) return;
      }
    } catch (error) {
      // The conversation was deleted: the screen that shows it says so.
      if (isRefusal(error)) return;
      // The connection is gone: the next question begins where this one ended.
    }
    await new Promise((resolve) => setTimeout(resolve, retryDelay));
  }
}
