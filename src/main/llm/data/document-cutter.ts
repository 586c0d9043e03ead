import { findCut } from './safe-cuts.ts';

/** A document, or the next piece of a long one. */
export interface DocumentPiece {
  readonly text: string;
  /** Whether more of the same document follows. */
  readonly continues: boolean;
}

export interface DocumentCutterOptions {
  /**
   * What ends a document and begins the next: a form feed wherever it stands, any other string where it is alone on a
   * line (blanks around it do not count). Separators are left out.
   */
  readonly separators: readonly string[];
  /** Longer documents come in pieces of about this many UTF-16 units. */
  readonly pieceLength: number;
}

export interface DocumentCutter {
  /** Takes the next stretch of text and returns what is complete. */
  push(text: string): DocumentPiece[];
  /** Ends the text and returns the rest. */
  finish(): DocumentPiece[];
}

const formFeed = '\f';
const blanksAroundSeparator = 16;

/**
 * Cuts a stream of text into documents, and long documents into pieces at places that change no token (`findCut`).
 * The result does not depend on how the stream is divided. Documents of nothing but white space are left out.
 */
export function createDocumentCutter({ separators, pieceLength }: DocumentCutterOptions): DocumentCutter {
  const lineSeparators = separators.filter((separator) => separator !== formFeed);
  const splitsAtFormFeed = separators.includes(formFeed);
  const longestSeparatorLine = Math.max(
    0,
    ...lineSeparators.map((separator) => separator.length + 2 * blanksAroundSeparator),
  );
  let undecided = ''; // the begun last line, while it may still turn out to be a separator
  let atLineStart = true; // whether `undecided` begins a line
  let document = ''; // what is left of the current document
  let begun = false; // whether a piece of it has been given

  function* add(text: string): Generator<DocumentPiece> {
    document += text;
    for (let cut = nextCut(); cut !== undefined; cut = nextCut()) {
      yield { text: document.slice(0, cut), continues: true };
      document = document.slice(cut);
      begun = true;
    }
  }

  const nextCut = (): number | undefined => findCut(document, pieceLength, 4 * pieceLength);

  function* endDocument(): Generator<DocumentPiece> {
    if (begun || /\S/.test(document)) yield { text: document, continues: false };
    document = '';
    begun = false;
  }

  function* addLines(text: string): Generator<DocumentPiece> {
    let from = 0;
    for (const { start, end } of separatorsIn(text)) {
      if (start < from) continue; // a form feed on the line of another separator
      yield* add(text.slice(from, start));
      yield* endDocument();
      from = end;
    }
    yield* add(text.slice(from));
  }

  /** Separators in text whose lines are complete, in order. */
  function separatorsIn(text: string): { readonly start: number; readonly end: number }[] {
    const found: { readonly start: number; readonly end: number }[] = [];
    if (splitsAtFormFeed) {
      for (let at = text.indexOf(formFeed); at >= 0; at = text.indexOf(formFeed, at + 1))
        found.push({ start: at, end: at + 1 });
    }
    for (const separator of lineSeparators) {
      for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length)) {
        const start = text.lastIndexOf('\n', at) + 1;
        const newline = text.indexOf('\n', at);
        const line = text.slice(start, newline < 0 ? text.length : newline);
        const isWholeLine = start > 0 || atLineStart;
        if (isWholeLine && line.length <= longestSeparatorLine && line.trim() === separator) {
          found.push({ start, end: newline < 0 ? text.length : newline + 1 });
        }
      }
    }
    return found.sort((a, b) => a.start - b.start);
  }

  return {
    push(text) {
      const joined = undecided + text;
      const lastLine = joined.lastIndexOf('\n') + 1;
      const mayBeSeparator =
        joined.length - lastLine <= longestSeparatorLine && (lastLine > 0 || atLineStart);
      const decided = mayBeSeparator ? joined.slice(0, lastLine) : joined;
      const pieces = [...addLines(decided)];
      undecided = joined.slice(decided.length);
      if (decided !== '') atLineStart = decided.endsWith('\n');
      return pieces;
    },
    finish() {
      const pieces = [...addLines(undecided), ...endDocument()];
      undecided = '';
      atLineStart = true;
      return pieces;
    },
  };
}
