import { createDocumentCutter } from '../../../llm/data/document-cutter.ts';
import { defaultPieceLength, piecesOfText } from '../../../llm/data/text-files.ts';
import { createTextMeasurer, measureText, type LanguageDetector, type TextMeasures } from './measures.ts';
import type { DocumentIndex } from './open-index.ts';
import { placeToPart, shortestParted } from './place-to-part.ts';
import type { ReplacedPlace, Rewrite } from './rewrite.ts';
import { inOneTurn, withinTime, type TimeLimit } from './time-limit.ts';

/** A document's text in the place of the one that the sources give. */
export interface ChangedText {
  readonly measures: TextMeasures;
  /** @param longest in UTF-16 units: the beginning of a longer text. */
  text(longest?: number): string;
  pieces(): Generator<string>;
}

/** The documents whose texts a recipe changed. */
export interface ChangedTexts {
  has(document: number): boolean;
  get(document: number): ChangedText | undefined;
  /** The text that a document would have if nobody had written another by hand; undefined where nobody has. */
  withoutHand(document: number, longest?: number): string | undefined;
}

/** Changed texts while the recipe is applied. */
export interface GrowingTexts extends ChangedTexts {
  /** Gives a document a text that a person wrote. */
  write(document: number, text: string): void;
  /** Rewrites every document, and lets others have their turn in between. */
  rewrite(rewrite: Rewrite, listeners: RewriteListeners, signal?: AbortSignal): Promise<void>;
}

export interface RewriteListeners {
  readonly onPlace: (document: number, place: ReplacedPlace) => void;
  readonly onChanged: (document: number) => void;
}

const bits = { changed: 1, empty: 2, suspicious: 4 } as const;

/** UTF-16 units, and documents, that are rewritten in one go at most. */
const batchLength = 2 ** 18;
const batchDocuments = 1000;

/** UTF-16 units that they may become while all are in memory. */
const longestTogether = 2 ** 24;

/**
 * Texts that a recipe changes. What people write is kept; what is rewritten is written anew from the sources whenever it is
 * read, and only measured: a recipe may rewrite a million documents.
 */
export function createChangedTexts(
  index: DocumentIndex,
  detectLanguage: LanguageDetector | undefined,
): GrowingTexts {
  const written = new Map<number, { readonly text: string; readonly since: number }>();
  const rewrites: Rewrite[] = [];
  const kept = createKeptMeasures(index.description.documents);

  const sourcePieces = (document: number): Iterable<string> => {
    const text = written.get(document)?.text;
    return text === undefined ? index.pieces(document) : piecesOfText(text).map((piece) => piece.text);
  };
  const changedPieces = (document: number, pieces: Iterable<string>): Iterable<string> =>
    rewrites
      .slice(written.get(document)?.since ?? 0)
      .reduce((before, rewrite) => rewritten(before, rewrite), pieces);
  const measured = (pieces: Iterable<string>): TextMeasures => {
    if (detectLanguage === undefined) throw new Error('Texts change without a detector of languages.');
    const list = whole(pieces);
    const [first, second] = [list.next(), list.next()];
    if (second.done === true) return measureText(first.done === true ? [] : [first.value], detectLanguage);
    const measurer = createTextMeasurer();
    if (first.done !== true) measurer.push(first.value);
    measurer.push(second.value);
    for (const piece of list) measurer.push(piece);
    return measurer.finish(detectLanguage);
  };

  const keep = (document: number, measures: TextMeasures, listeners: RewriteListeners): void => {
    kept.set(document, measures);
    listeners.onChanged(document);
  };

  /** Rewrites a document of many pieces, of which never all are in memory. */
  const rewriteLong = (document: number, rewrite: Rewrite, listeners: RewriteListeners): void => {
    let changes = false;
    const watched: Rewrite = (text, _, limit) =>
      rewrite(
        text,
        (place) => {
          changes ||= changesText(place);
          listeners.onPlace(document, place);
        },
        limit,
      );
    const pieces = sourcePieces(document);
    const before = kept.has(document) ? changedPieces(document, pieces) : pieces;
    const measures = measured(rewritten(before, rewrite, { limit: withinTime, watched }));
    if (changes) keep(document, measures, listeners);
  };

  /** Nothing is told before its end: it may be stopped, and then is done again. */
  const rewriteShort = (
    { document, piece }: ShortDocument,
    rewrite: Rewrite,
    limit?: TimeLimit,
  ): RewrittenDocument => {
    const places: ReplacedPlace[] = [];
    const before = kept.has(document) ? changedPieces(document, [piece]) : [piece];
    const texts = [...before].map((text) => rewrite(text, (place) => places.push(place), limit));
    return { document, texts, places };
  };

  const rewriteBatch = (
    batch: readonly ShortDocument[],
    rewrite: Rewrite,
    listeners: RewriteListeners,
  ): void => {
    const tell = ({ document, texts, places }: RewrittenDocument): void => {
      for (const place of places) listeners.onPlace(document, place);
      if (places.some(changesText)) keep(document, measured(texts), listeners);
    };
    const together = (): readonly RewrittenDocument[] | undefined => {
      const done: RewrittenDocument[] = [];
      let length = 0;
      for (const each of batch) {
        const one = rewriteShort(each, rewrite);
        for (const text of one.texts) length += text.length;
        if (length > longestTogether) return undefined;
        done.push(one);
      }
      return done;
    };
    const done = rewrite.mayNotEnd === true ? inOneTurn(together)?.result : undefined;
    if (done === undefined) for (const each of batch) tell(rewriteShort(each, rewrite, withinTime));
    else done.forEach(tell);
  };

  return {
    has: (document) => kept.has(document),
    get: (document) => {
      const measures = kept.get(document);
      if (measures === undefined) return undefined;
      const pieces = (): Generator<string> => whole(changedPieces(document, sourcePieces(document)));
      return { measures, pieces, text: (longest) => joined(pieces(), longest) };
    },
    withoutHand: (document, longest) =>
      written.has(document)
        ? joined(
            whole(
              // Nobody has tried the expressions on this text.
              rewrites.reduce<Iterable<string>>(
                (before, rewrite) => rewritten(before, rewrite, { limit: withinTime }),
                index.pieces(document),
              ),
            ),
            longest,
          )
        : undefined,
    write: (document, text) => {
      const normal = text.replaceAll(/\r\n?/g, '\n').toWellFormed();
      written.set(document, { text: normal, since: rewrites.length });
      kept.set(document, measured([normal]));
    },
    rewrite: async (rewrite, listeners, signal) => {
      let batch: ShortDocument[] = [];
      let length = 0;
      const flush = (): void => {
        const taken = batch;
        batch = [];
        length = 0;
        rewriteBatch(taken, rewrite, listeners);
      };
      const { firstPiece } = index.columns;
      let longDocument = -1;
      await index.scan((document, piece) => {
        if (written.has(document) || document === longDocument) return;
        const pieces = (firstPiece[document + 1] ?? 0) - (firstPiece[document] ?? 0);
        if (pieces > 1) {
          longDocument = document;
          flush();
          rewriteLong(document, rewrite, listeners);
          return;
        }
        batch.push({ document, piece });
        length += piece.length;
        if (length >= batchLength || batch.length >= batchDocuments) flush();
      }, signal);
      flush();
      for (const document of written.keys()) rewriteLong(document, rewrite, listeners);
      rewrites.push(rewrite);
    },
  };
}

/** A document whose source is one piece. */
interface ShortDocument {
  readonly document: number;
  readonly piece: string;
}

interface RewrittenDocument {
  readonly document: number;
  readonly texts: readonly string[];
  readonly places: readonly ReplacedPlace[];
}

function changesText({ text, start, end, by }: ReplacedPlace): boolean {
  return by !== text.slice(start, end);
}

/**
 * Rewrites a text that comes in pieces. A piece's end goes with the next piece, so that what is sought is found across
 * pieces.
 * @param watched what rewrites in the place of `rewrite`, and may tell of it.
 */
function* rewritten(
  pieces: Iterable<string>,
  rewrite: Rewrite,
  { limit, watched = rewrite }: { readonly limit?: TimeLimit; readonly watched?: Rewrite } = {},
): Generator<string> {
  let held: string | undefined;
  for (const piece of pieces) {
    if (held === undefined) {
      held = piece;
      continue;
    }
    if (held.length < shortestParted) {
      held += piece;
      continue;
    }
    const cut = placeToPart(held, (text) => rewrite(text, undefined, limit));
    yield watched(held.slice(0, cut), undefined, limit);
    held = held.slice(cut) + piece;
  }
  if (held !== undefined) yield watched(held, undefined, limit);
}
/** A text in pieces as an import would have cut it; nothing where it is white space alone. */
function* whole(pieces: Iterable<string>): Generator<string> {
  const cutter = createDocumentCutter({ separators: [], pieceLength: defaultPieceLength });
  for (const piece of pieces) for (const { text } of cutter.push(piece)) yield text;
  for (const { text } of cutter.finish()) yield text;
}

function joined(pieces: Iterable<string>, longest = Infinity): string {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length >= longest) return text.slice(0, longest);
  }
  return text;
}

interface KeptMeasures {
  has(document: number): boolean;
  get(document: number): TextMeasures | undefined;
  set(document: number, measures: TextMeasures): void;
}

/** Measures of some of many documents, in typed arrays: 19 bytes a document, once there is one. */
function createKeptMeasures(documents: number): KeptMeasures {
  const languages: string[] = [];
  const allocate = () => ({
    bits: new Uint8Array(documents),
    characters: new Uint32Array(documents),
    words: new Uint32Array(documents),
    language: new Uint16Array(documents),
    hash: new Uint32Array(2 * documents),
  });
  let columns: ReturnType<typeof allocate> | undefined;
  const has = (document: number): boolean => ((columns?.bits[document] ?? 0) & bits.changed) !== 0;
  return {
    has,
    get: (document) => {
      if (columns === undefined || !has(document)) return undefined;
      const flags = columns.bits[document] ?? 0;
      return {
        characters: columns.characters[document] ?? 0,
        words: columns.words[document] ?? 0,
        empty: (flags & bits.empty) !== 0,
        suspicious: (flags & bits.suspicious) !== 0,
        language: languages[columns.language[document] ?? 0] ?? '',
        hash: [columns.hash[2 * document] ?? 0, columns.hash[2 * document + 1] ?? 0],
      };
    },
    set: (document, { characters, words, empty, suspicious, language, hash }) => {
      columns ??= allocate();
      if (!languages.includes(language)) languages.push(language);
      columns.bits[document] = bits.changed | (empty ? bits.empty : 0) | (suspicious ? bits.suspicious : 0);
      columns.characters[document] = characters;
      columns.words[document] = words;
      columns.language[document] = languages.indexOf(language);
      columns.hash.set(hash, 2 * document);
    },
  };
}
