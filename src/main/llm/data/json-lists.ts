import { messageOf } from '../../../shared/datasets/record-forms.ts';
import { parseJson } from '../../../shared/datasets/parse-json.ts';
import { createJsonWalker, type JsonMark } from './json-walker.ts';

/** A list in a JSON object, whose elements may be records. */
export interface JsonList {
  /** The keys that lead to it. */
  readonly path: readonly string[];
  /** How many elements it has. */
  readonly elements: number;
  /** Its share of all the text. */
  readonly share: number;
  /** What its first element is. */
  readonly of: 'objects' | 'texts' | 'messages' | 'others';
}

/** Lists and objects around a list of records, at most. */
const deepest = 4;
/** UTF-16 units of an element that is looked at. */
const longestFirst = 2 ** 16;

interface OpenList {
  readonly path: readonly string[];
  readonly start: number;
  readonly depth: number;
  commas: number;
  first: string | undefined;
  beginning: string;
}

/**
 * The lists in the JSON object that a text is, as far as keys alone lead to them; none where it is anything else, or goes
 * on behind it.
 */
export async function listsOfObject(pieces: AsyncIterable<string>): Promise<readonly JsonList[]> {
  const found: Omit<JsonList, 'share'>[] = [];
  const lengths: number[] = [];
  const keys: string[] = [];
  // A union that the walker's callback narrows behind the compiler's back.
  let open = undefined as OpenList | undefined;
  let piece = '';
  let isObject: boolean | undefined;
  let ended = false;
  let length = 0;

  const close = (list: OpenList, end: number): void => {
    const first = list.first ?? list.beginning.replace(/\]\s*$/, '');
    found.push({
      path: list.path,
      elements: first.trim() === '' ? 0 : list.commas + 1,
      of: kindOf(first),
    });
    lengths.push(end - list.start);
  };

  const walker = createJsonWalker(({ kind, character, depth, key, offset }: JsonMark) => {
    if (ended) {
      isObject = false;
      return;
    }
    if (open !== undefined) {
      if (depth !== open.depth || kind === 'open') return;
      open.first ??= open.beginning.slice(0, offset - open.start);
      if (kind === 'comma') open.commas += 1;
      else {
        close(open, offset);
        open = undefined;
      }
      return;
    }
    if (kind === 'close') {
      keys.length = Math.max(0, depth - 2);
      ended = depth === 1;
    } else if (kind === 'open' && depth === 1) isObject = character === '{';
    else if (kind === 'open' && depth <= deepest && depth === keys.length + 2 && key !== undefined) {
      if (character === '[')
        open = {
          path: [...keys, key],
          start: offset + 1,
          depth,
          commas: 0,
          first: undefined,
          beginning: piece.slice(offset + 1 - length),
        };
      else keys.push(key);
    }
  });

  for await (const next of pieces) {
    piece = next;
    if (open !== undefined && open.beginning.length < longestFirst) open.beginning += piece;
    walker.push(piece);
    length += piece.length;
    if (isObject === false) return [];
  }
  if (open !== undefined) close(open, length);
  return found.map((list, index) => ({ ...list, share: (lengths[index] ?? 0) / Math.max(1, length) }));
}

function kindOf(first: string): JsonList['of'] {
  let value: unknown;
  try {
    value = parseJson(first);
  } catch {
    // It is longer than what was looked at, or the text ends in it.
    return first.trimStart().startsWith('{')
      ? 'objects'
      : first.trimStart().startsWith('"')
        ? 'texts'
        : 'others';
  }
  if (typeof value === 'string') return 'texts';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'others';
  return messageOf(value) === undefined ? 'objects' : 'messages';
}

/**
 * The list that holds the records of a JSON object: the one that makes up most of it. An object with lists that are parts
 * of its own (the authors of a text, the messages of a conversation) is a record itself.
 * @returns `several` where no list is larger than all others together.
 */
export function listOfRecords(lists: readonly JsonList[]): JsonList | 'several' | undefined {
  const candidates = lists.filter((list) => list.of === 'objects' || list.of === 'texts');
  const most = candidates.find(({ share }) => share > 0.5);
  if (most !== undefined) return most;
  const together = candidates.reduce((sum, { share }) => sum + share, 0);
  return candidates.length > 1 && together > 0.5 ? 'several' : undefined;
}
