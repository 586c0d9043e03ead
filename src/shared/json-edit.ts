import type { Node } from 'jsonc-parser';
import { LoamError } from './errors.ts';
import { parseJsonTree } from './json-with-comments.ts';

/** A change of one value in a JSON text; without a value the entry is taken out. */
export interface JsonEdit {
  readonly path: readonly string[];
  readonly value?: string | number | boolean | undefined;
}

interface Entry {
  readonly name: string;
  /** Where the name's quotation mark stands. */
  readonly start: number;
  readonly nameEnd: number;
  readonly value: Node;
}

const indentation = 2;

/**
 * Changes values in a JSON text with comments and leaves everything else as it was written. An entry that is not there is
 * added at the end of its object, with the objects around it.
 * @throws LoamError when the text is not valid JSON with comments, or a path leads through something that is no object.
 */
export function editJson(text: string, edits: readonly JsonEdit[]): string {
  return edits.reduce(editOnce, text);
}

/** Where something stands in a text, in characters; the end is after the last one. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the value of a path stands in a JSON text with comments: the nearest group around it where it is not written, and
 * undefined where the text is not valid.
 */
export function locateJson(text: string, path: readonly string[]): TextRange | undefined {
  const root = treeOf(text);
  if (root === undefined) return undefined;
  let node = root;
  let range: TextRange = { start: 0, end: 1 };
  for (const name of path) {
    const entry = findEntry(node, name);
    if (entry === undefined) break;
    node = entry.value;
    // A group is shown by its name: marking all of it would mark too much.
    range =
      node.type === 'object'
        ? { start: entry.start, end: entry.nameEnd }
        : { start: node.offset, end: endOf(node) };
  }
  return range;
}

function treeOf(text: string): Node | undefined {
  try {
    return parseJsonTree(text, 'configuration');
  } catch (error) {
    if (error instanceof LoamError) return undefined;
    throw error;
  }
}

const endOf = ({ offset, length }: Node): number => offset + length;

/** The entries of an object; undefined for any other value. */
function entriesOf({ type, children = [] }: Node): readonly Entry[] | undefined {
  if (type !== 'object') return undefined;
  return children.flatMap(({ children: [name, value] = [] }) =>
    name === undefined || value === undefined
      ? []
      : [{ name: String(name.value), start: name.offset, nameEnd: endOf(name), value }],
  );
}

/** Of entries of one name the last one counts. */
function findEntry(node: Node, name: string): Entry | undefined {
  return entriesOf(node)?.findLast((entry) => entry.name === name);
}

function editOnce(text: string, { path, value }: JsonEdit): string {
  let node = parseJsonTree(text, 'configuration');
  for (const [depth, name] of path.entries()) {
    if (node.type !== 'object') {
      // A plain value stands where a group is needed: the group takes its place.
      return value === undefined
        ? text
        : replace(text, node.offset, endOf(node), written(path.slice(depth), value, depth));
    }
    const entry = findEntry(node, name);
    if (entry === undefined)
      return value === undefined ? text : insert(text, node, name, path.slice(depth + 1), value, depth + 1);
    if (depth === path.length - 1)
      return value === undefined
        ? remove(text, node, entry)
        : replace(text, entry.value.offset, endOf(entry.value), JSON.stringify(value));
    node = entry.value;
  }
  return text;
}

function replace(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** A value inside the objects that lead to it, as it would be written at a depth. */
function written(path: readonly string[], value: string | number | boolean, depth: number): string {
  const [name, ...rest] = path;
  if (name === undefined) return JSON.stringify(value);
  const inner = ' '.repeat(indentation * (depth + 1));
  const outer = ' '.repeat(indentation * depth);
  return `{\n${inner}${JSON.stringify(name)}: ${written(rest, value, depth + 1)}\n${outer}}`;
}

function insert(
  text: string,
  object: Node,
  name: string,
  rest: readonly string[],
  value: string | number | boolean,
  depth: number,
): string {
  const entry = `\n${' '.repeat(indentation * depth)}${JSON.stringify(name)}: ${written(rest, value, depth)}`;
  const last = entriesOf(object)?.at(-1);
  if (last === undefined) {
    // What stands in an empty object can only be comments: the entry comes after them.
    const inside = text.slice(object.offset + 1, endOf(object) - 1).trimEnd();
    const closing = `\n${' '.repeat(indentation * (depth - 1))}}`;
    return replace(text, object.offset + 1, endOf(object), inside + entry + closing);
  }
  const afterLast = skip(text, endOf(last.value));
  const hasComma = text[afterLast] === ',';
  if (hasComma) return replace(text, afterLast + 1, afterLast + 1, entry);
  // A comment on the last entry's line stays with it.
  const lineEnd = endOfCommentOnLine(text, endOf(last.value));
  return (
    text.slice(0, endOf(last.value)) +
    ',' +
    text.slice(endOf(last.value), lineEnd) +
    entry +
    text.slice(lineEnd)
  );
}

/** Where the comment ends that follows on the same line, or the place itself where none does. */
function endOfCommentOnLine(text: string, place: number): number {
  const comment = /^[ \t]*\/\/[^\r\n]*/.exec(text.slice(place));
  return comment === null ? place : place + comment[0].length;
}

function remove(text: string, object: Node, entry: Entry): string {
  const entries = entriesOf(object) ?? [];
  const index = entries.findIndex(({ start }) => start === entry.start);
  const after = skip(text, endOf(entry.value));
  const comma = text[after] === ',';
  let start = entry.start;
  let end = comma ? after + 1 : endOf(entry.value);
  if (!comma && index > 0) {
    // The last entry goes with the comma before it.
    const before = entries[index - 1];
    if (before !== undefined) {
      const place = skip(text, endOf(before.value));
      if (text[place] === ',') {
        const kept = text.slice(place + 1, start);
        return text.slice(0, place) + kept.replace(/\s+$/, '') + text.slice(end);
      }
    }
  }
  // An entry that has its line to itself goes with the line.
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const rest = /^[ \t]*(\/\/[^\r\n]*)?\r?\n/.exec(text.slice(end));
  if (rest !== null && text.slice(lineStart, start).trim() === '') {
    start = lineStart;
    end += rest[0].length;
  }
  return text.slice(0, start) + text.slice(end);
}

/** The next place that is neither white space nor a comment. */
function skip(text: string, place: number): number {
  const blank = /(?:\s|\uFEFF|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*/y;
  blank.lastIndex = place;
  return place + (blank.exec(text)?.[0].length ?? 0);
}
