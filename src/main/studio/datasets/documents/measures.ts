import { createHash, hash } from 'node:crypto';
import { unknownLanguage } from '../../../../shared/datasets/document.ts';

/** What is known of a document's text without reading it again. */
export interface TextMeasures {
  /** UTF-16 units. */
  readonly characters: number;
  /** Stretches between white space. */
  readonly words: number;
  /** Nothing but white space, or nothing. */
  readonly empty: boolean;
  /** Looks as if it was read in a wrong encoding; see `suspicionOf`. */
  readonly suspicious: boolean;
  /** ISO 639-1, or `und` where it is too short or too mixed to tell. */
  readonly language: string;
  /** The first 64 bits of the SHA-256 of its UTF-8 bytes, as two halves. */
  readonly hash: readonly [number, number];
}

/** Names the language of a text, or gives undefined. */
export type LanguageDetector = (text: string) => string | undefined;

/** The part of a text, in UTF-16 units, that its language is told from: more costs time and tells no more. */
const languageSample = 300;

/** Loads the language detector (ELD, n-gram statistics of 60 languages); this takes some 0.3 s and 40 MB. */
export async function loadLanguageDetector(): Promise<LanguageDetector> {
  const { eld } = await import('eld/medium');
  return (text) => {
    const result = eld.detect(text);
    return result.language !== '' && result.isReliable() ? result.language : undefined;
  };
}

/** Measures a text that is given in pieces, which together are the document. */
export function measureText(pieces: readonly string[], detectLanguage: LanguageDetector): TextMeasures {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined
    ? measures(only, hash('sha256', only, 'buffer'), detectLanguage)
    : measurePieces(pieces, detectLanguage);
}

function measures(text: string, digest: Buffer, detectLanguage: LanguageDetector): TextMeasures {
  const words = countWords(text, false).words;
  return {
    characters: text.length,
    words,
    empty: words === 0,
    suspicious: isSuspicious(text),
    language: detectLanguage(text.slice(0, languageSample)) ?? unknownLanguage,
    hash: [digest.readUInt32BE(0), digest.readUInt32BE(4)],
  };
}

function measurePieces(pieces: readonly string[], detectLanguage: LanguageDetector): TextMeasures {
  const measurer = createTextMeasurer();
  for (const piece of pieces) measurer.push(piece);
  return measurer.finish(detectLanguage);
}

/** Measures a long text as its pieces come by. */
export function createTextMeasurer(): {
  push(piece: string): void;
  finish(detectLanguage: LanguageDetector): TextMeasures;
} {
  const digest = createHash('sha256');
  let sample = '';
  let characters = 0;
  let words = 0;
  let insideWord = false;
  let suspicious = false;
  return {
    push: (piece) => {
      digest.update(piece, 'utf8');
      if (sample.length < languageSample) sample += piece.slice(0, languageSample - sample.length);
      characters += piece.length;
      const counted = countWords(piece, insideWord);
      words += counted.words;
      insideWord = counted.insideWord;
      suspicious ||= isSuspicious(piece);
    },
    finish: (detectLanguage) => {
      const bytes = digest.digest();
      return {
        characters,
        words,
        empty: words === 0,
        suspicious,
        language: detectLanguage(sample) ?? unknownLanguage,
        hash: [bytes.readUInt32BE(0), bytes.readUInt32BE(4)],
      };
    },
  };
}

/** Whether a UTF-16 unit is white space, as `\s` of regular expressions has it. */
function isBlank(code: number): boolean {
  return (
    code === 0x20 ||
    (code >= 0x09 && code <= 0x0d) ||
    (code >= 0xa0 &&
      (code === 0xa0 ||
        code === 0x1680 ||
        (code >= 0x2000 && code <= 0x200a) ||
        code === 0x2028 ||
        code === 0x2029 ||
        code === 0x202f ||
        code === 0x205f ||
        code === 0x3000 ||
        code === 0xfeff))
  );
}

function countWords(
  text: string,
  insideBefore: boolean,
): { readonly words: number; readonly insideWord: boolean } {
  let words = 0;
  let inside = insideBefore;
  for (let at = 0; at < text.length; at++) {
    const blank = isBlank(text.charCodeAt(at));
    if (!blank && !inside) words += 1;
    inside = !blank;
  }
  return { words, insideWord: inside };
}

/*
 * UTF-8 that was read as Windows-1252: "Ã¼" for "ü", "â€œ" for a quotation mark. The bytes 80 to 9F are then letters and
 * signs beyond Latin-1, or the control characters U+0080 to U+009F, which no text holds.
 */
const misread = '[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]';
const misreadUtf8 = new RegExp(`[ÃÂÐÑ]${misread}|â€${misread}|[\\u0080-\\u009f]`);

function isSuspicious(text: string): boolean {
  return misreadUtf8.test(text) || text.includes('\ufffd');
}

/** What looks wrong with a text's characters, as a sentence with the place; undefined when nothing does. */
export function suspicionOf(text: string): string | undefined {
  const replaced = text.indexOf('\ufffd');
  if (replaced >= 0)
    return `Character ${replaced + 1} is U+FFFD, which stands for one that could not be read: "${around(text, replaced)}".`;
  const found = misreadUtf8.exec(text);
  return found === null
    ? undefined
    : `Characters like "${around(text, found.index)}" come from text that was once read in a wrong encoding.`;
}

function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - 12), at + 12).replaceAll(/\s+/g, ' ');
}
