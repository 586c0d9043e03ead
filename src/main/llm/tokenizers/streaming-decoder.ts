import type { Tokenizer } from './tokenizer.ts';

/** Turns ids into text as they come. */
export interface StreamingDecoder {
  /** The text that is certain now: a character whose bytes are not all there yet is held back. */
  push(id: number): string;
  /** What was held back: U+FFFD for an unfinished character. The decoder starts anew. */
  finish(): string;
}

/**
 * All texts of push and finish, joined, are the tokenizer's `decode` of all ids. An exception are foreign tokenizers
 * whose decoder tidies white space: it may take back a space that was given already.
 */
export function createStreamingDecoder(tokenizer: Tokenizer): StreamingDecoder {
  return tokenizer.kind === 'other' ? createPrefixDecoder(tokenizer) : createByteDecoder(tokenizer);
}

/** Where a text is the bytes of its tokens, one after the other. */
function createByteDecoder(tokenizer: Tokenizer): StreamingDecoder {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push: (id) => utf8.decode(tokenizer.tokenBytes(id), { stream: true }),
    finish: () => utf8.decode(),
  };
}

/** Where a token's text depends on its neighbours: what decoding all ids so far adds to the text already given. */
function createPrefixDecoder(tokenizer: Tokenizer): StreamingDecoder {
  let ids: number[] = [];
  let given = '';

  /** What a text has after the part that it shares with the text given so far. */
  function advance(text: string): string {
    let shared = 0;
    while (shared < given.length && text.charCodeAt(shared) === given.charCodeAt(shared)) shared++;
    given = text;
    return text.slice(shared);
  }

  return {
    push(id) {
      ids.push(id);
      const text = tokenizer.decode(ids);
      return text.endsWith('\uFFFD') ? '' : advance(text);
    },
    finish() {
      const added = advance(tokenizer.decode(ids));
      ids = [];
      given = '';
      return added;
    },
  };
}
