import { createJsonWalker, type JsonMark } from './json-walker.ts';

/** An element of a JSON array, or one of the values that a file holds one after the other. */
export interface JsonElement {
  /** Its own JSON. */
  readonly json: string;
  /** From 1. */
  readonly number: number;
  /** The line on which it begins, from 1. */
  readonly line: number;
}

export interface JsonElementSplitter {
  push(text: string): readonly JsonElement[];
  /** @returns the rest, and whether the array was closed (or there was none). */
  finish(): { readonly elements: readonly JsonElement[]; readonly complete: boolean };
}

/**
 * Splits JSON text into the texts of its elements as it arrives, so that a large file need not fit into memory: those of
 * the array that it is, or of the list to which `list` leads in the object that it is; or else the values that stand in it
 * one after the other. Whether an element is valid JSON its parser will say.
 * @param list the keys from the outermost object to the list.
 */
export function createJsonElementSplitter(list: readonly string[] = []): JsonElementSplitter {
  let text = ''; // what is not yet given away or passed over
  let textStart = 0; // its place in the whole
  let line = 1; // where it begins
  let number = 0;
  /** Where elements are looked for; 'values' stand at the top, one after the other. */
  let form: 'unknown' | 'elements' | 'values' | 'seeking' | 'closed' = 'unknown';
  /** The depth of the elements' list. */
  let listDepth = 1;
  /** How many keys of `list` lead to the object that is open. */
  let matched = 0;
  let outermostClosed = false;
  let found: JsonElement[] = [];

  const walker = createJsonWalker((mark) => {
    if (mark.kind === 'close' && mark.depth === 1) outermostClosed = true;
    if (form === 'seeking') seek(mark);
    else if (form === 'elements') splitList(mark);
    else if (form === 'values' && mark.kind === 'close' && mark.depth === 1) take(mark.offset + 1, 0);
  });

  function seek({ kind, character, depth, key, offset }: JsonMark): void {
    if (kind === 'close' && matched > 0 && depth === matched + 1) matched -= 1;
    if (kind !== 'open' || depth !== matched + 2 || key === undefined || key !== list[matched]) return;
    if (character === '{' && matched + 1 < list.length) matched += 1;
    else if (character === '[' && matched + 1 === list.length) {
      passOver(offset + 1);
      listDepth = depth;
      form = 'elements';
    }
  }

  function splitList({ kind, depth, offset }: JsonMark): void {
    if (depth !== listDepth || kind === 'open') return;
    take(offset, 1);
    if (kind === 'close') form = 'closed';
  }

  /** Gives away the text up to a place, and passes over some units behind it. */
  function take(end: number, behind: number): void {
    const raw = text.slice(0, end - textStart);
    const json = raw.trim();
    const leading = raw.length - raw.trimStart().length;
    if (json !== '') found.push({ json, number: ++number, line: line + lineEnds(raw.slice(0, leading)) });
    passOver(end + behind);
  }

  function passOver(end: number): void {
    const length = Math.min(text.length, end - textStart);
    line += lineEnds(text.slice(0, length));
    text = text.slice(length);
    textStart += length;
  }

  function begin(): void {
    const start = text.search(/\S/);
    if (start < 0) return;
    if (text[start] === '[' && list.length === 0) {
      passOver(textStart + start + 1);
      form = 'elements';
    } else form = list.length > 0 ? 'seeking' : 'values';
  }

  return {
    push: (more) => {
      text += more;
      if (form === 'unknown') begin();
      walker.push(more);
      // What stands around the list in an object is of no interest; behind a list that is the file nothing may stand.
      if (list.length > 0 && form !== 'elements') passOver(textStart + text.length);
      const elements = found;
      found = [];
      return elements;
    },
    finish: () => {
      const end = textStart + text.length;
      const blank = text.trim() === '';
      if (form === 'elements' || form === 'values') take(end, 0);
      const elements = found;
      found = [];
      const closed = form === 'closed' && (list.length === 0 ? blank : outermostClosed);
      return { elements, complete: closed || form === 'values' || form === 'unknown' };
    },
  };
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
