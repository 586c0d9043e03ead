import { composedText, type SourceMap } from './composed-text.ts';
import { foldText, type TextPlace } from './folded-text.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Where each token of an encoded text stands in it, as `Encoding.offsets` of `tokenizers` says (there in code points). A
 * token that is part of a character has that character's place. Where a tokenizer changes text before it cuts it (lower
 * case, accents, spaces put in) the places are found again by comparing without regard to that; a token that is nowhere
 * to be found has an empty place.
 * @param ids what `tokenizer.encode(text)` gave.
 */
export function locateTokens(tokenizer: Tokenizer, text: string, ids: Uint32Array): readonly TextPlace[] {
  switch (tokenizer.kind) {
    case 'char':
      return locateCharacters(text, ids.length);
    case 'bpe':
      return locateBytes(tokenizer, text, ids) ?? locateByText(tokenizer, text, ids);
    case 'other':
      return locateByText(tokenizer, text, ids);
    default:
      return tokenizer.kind satisfies never;
  }
}

/** One token a code point. Half a surrogate pair is a code point of its own. */
function locateCharacters(text: string, count: number): readonly TextPlace[] {
  let end = 0;
  return Array.from({ length: count }, () => {
    const start = end;
    end += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
    return { start, end };
  });
}

/**
 * The bytes of the tokens are those of the text in order, but for bytes that the vocabulary lacks, which are left out, and
 * for the text's normal form.
 * @returns undefined when they are not.
 */
function locateBytes(tokenizer: Tokenizer, text: string, ids: Uint32Array): readonly TextPlace[] | undefined {
  const wellFormed = text.toWellFormed();
  return (
    matchBytes(tokenizer, { text: wellFormed, origin: undefined }, ids) ??
    matchBytes(tokenizer, composedText(wellFormed), ids)
  );
}

function matchBytes(
  tokenizer: Tokenizer,
  { text, origin }: SourceMap,
  ids: Uint32Array,
): readonly TextPlace[] | undefined {
  const bytes = new TextEncoder().encode(text);
  const units = unitsOfBytes(text, bytes.length);
  const place = (byte: number): TextPlace => {
    const start = units[byte] ?? text.length;
    const end = start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
    return origin === undefined
      ? { start, end }
      : { start: origin.starts[start]!, end: origin.ends[end - 1]! };
  };
  let cursor = 0;
  const offsets: TextPlace[] = [];
  for (const id of ids) {
    const token = tokenizer.tokenBytes(id);
    if (token.length === 0) return undefined;
    let first = -1;
    let last = -1;
    for (const byte of token) {
      while (cursor < bytes.length && bytes[cursor] !== byte) cursor++;
      if (cursor === bytes.length) return undefined;
      if (first < 0) first = cursor;
      last = cursor++;
    }
    offsets.push({ start: place(first).start, end: place(last).end });
  }
  return offsets;
}

/** For each UTF-8 byte of a text, the index of the code unit at which its character begins. */
function unitsOfBytes(text: string, length: number): Uint32Array {
  const units = new Uint32Array(length);
  let byte = 0;
  for (let unit = 0; unit < text.length;) {
    const codePoint = text.codePointAt(unit)!;
    const size = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    units.fill(unit, byte, byte + size);
    byte += size;
    unit += codePoint > 0xffff ? 2 : 1;
  }
  return units;
}

const strictUtf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Finds tokens one after the other by their texts, without regard to case, accents and added spaces. */
function locateByText(tokenizer: Tokenizer, text: string, ids: Uint32Array): readonly TextPlace[] {
  const wellFormed = text.toWellFormed();
  const source = foldText(wellFormed);
  const places: TextPlace[] = [];
  let cursor = 0;
  /** Tokens that stand somewhere before the next one that is found. */
  let waiting = 0;
  for (const group of tokenGroups(tokenizer, ids)) {
    const found = group.text === undefined ? undefined : source.find(group.text, cursor, waiting > 0);
    if (found === undefined) {
      waiting += group.tokens;
      continue;
    }
    places.push(...shareGap(wellFormed, { start: cursor, end: found.start }, waiting));
    waiting = 0;
    for (let count = 0; count < group.tokens; count++) places.push(found);
    cursor = found.end;
  }
  return [...places, ...shareGap(wellFormed, { start: cursor, end: wellFormed.length }, waiting)];
}

/** Tokens whose bytes together are whole characters; `text` is undefined for one that stands for no text of its own. */
function* tokenGroups(
  tokenizer: Tokenizer,
  ids: Uint32Array,
): Generator<{ readonly tokens: number; readonly text: string | undefined }> {
  let pending: number[] = [];
  let tokens = 0;
  for (const id of ids) {
    const bytes = tokenizer.tokenBytes(id);
    if (bytes.length === 0) {
      if (tokens > 0) yield { tokens, text: undefined };
      yield { tokens: 1, text: undefined };
      pending = [];
      tokens = 0;
      continue;
    }
    pending.push(...bytes);
    tokens++;
    const text = decodeWhole(Uint8Array.from(pending));
    if (text === undefined && tokens < 4) continue;
    yield { tokens, text };
    pending = [];
    tokens = 0;
  }
  if (tokens > 0) yield { tokens, text: undefined };
}

function decodeWhole(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Words as most pre-tokenizers see them: each Chinese character and each punctuation mark is one. */
const word = /\p{Script=Han}|\p{P}|[^\s\p{P}\p{M}\p{Script=Han}][^\s\p{P}\p{Script=Han}]*/gu;

/** Gives tokens of unknown place what stands between their neighbours: a word or character each where the numbers agree, else all to all. */
function shareGap(text: string, { start, end }: TextPlace, tokens: number): readonly TextPlace[] {
  if (tokens === 0) return [];
  const gap = text.slice(start, end);
  const places = (pattern: RegExp): readonly TextPlace[] =>
    [...gap.matchAll(pattern)].map(({ 0: found, index }) => ({
      start: start + index,
      end: start + index + found.length,
    }));
  const words = places(word);
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined)
    return Array.from({ length: tokens }, () => ({ start, end: start }));
  const characters = places(/\S/gu);
  const shares = [words, characters].find((each) => each.length === tokens);
  return shares ?? Array.from({ length: tokens }, () => ({ start: first.start, end: last.end }));
}
