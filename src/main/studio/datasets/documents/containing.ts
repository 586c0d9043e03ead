import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChangedTexts } from './changed-texts.ts';
import type { DocumentIndex } from './open-index.ts';

/** Changed texts that are searched in one go. */
const changedAtOnce = 500;

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

/**
 * Marks with 1 the documents whose text, after what a recipe changed in it, holds `sought`.
 * @param found those of the sources' texts.
 */
export async function changedContaining(
  texts: ChangedTexts,
  found: Uint8Array,
  sought: string,
  matchCase: boolean,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  let all: Uint8Array | undefined;
  let passed = 0;
  for (let document = 0; document < found.length; document++) {
    const changed = texts.get(document);
    if (changed === undefined) continue;
    all ??= found.slice();
    const test = createContainingTest(sought, matchCase);
    all[document] = 0;
    for (const piece of changed.pieces())
      if (test.push(piece)) {
        all[document] = 1;
        break;
      }
    if (++passed % changedAtOnce !== 0) continue;
    await nextTurn();
    signal?.throwIfAborted();
  }
  return all ?? found;
}
