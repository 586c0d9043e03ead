import type { DocumentIndex } from './open-index.ts';

/** A test whether a document's text, given piece by piece, holds a stretch of text, also across pieces. */
export interface ContainingTest {
  /** @returns whether the document holds it, as far as it has been given. */
  push(piece: string): boolean;
}

/** Case is folded as `toLowerCase` does; the text sought is not a pattern. */
export function createContainingTest(sought: string, matchCase: boolean): ContainingTest {
  const fold = (text: string): string => (matchCase ? text : text.toLowerCase());
  const needle = fold(sought);
  let tail = '';
  return {
    push: (piece) => {
      const text = tail + fold(piece);
      tail = needle.length > 1 ? text.slice(1 - needle.length) : '';
      return text.includes(needle);
    },
  };
}

/** Marks with 1 the documents whose text, as the sources give it, holds `sought`. */
export async function documentsContaining(
  index: DocumentIndex,
  sought: string,
  matchCase: boolean,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const found = new Uint8Array(index.description.documents);
  let current = -1;
  let test = createContainingTest(sought, matchCase);
  await index.scan((document, piece) => {
    if (document !== current) {
      current = document;
      test = createContainingTest(sought, matchCase);
    }
    if (found[document] === 0 && test.push(piece)) found[document] = 1;
  }, signal);
  return found;
}
