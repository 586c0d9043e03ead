import { parseJsonWithComments } from './json-with-comments.ts';

/** A change of one value in a JSON text; without a value the entry is taken out. */
export interface JsonEdit {
  readonly path: readonly string[];
  readonly value?: string | number | boolean | undefined;
}

interface Entry {
  readonly name: string;
  /** Where the name's quotation mark stands. */
  readonly start: number;
  readonly value: Node;
}

interface Node {
  readonly start: number;
  /** After its last character. */
  readonly end: number;
  /** Of an object. */
  readonly entries?: readonly Entry[];
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
  try {
    parseJsonWithComments(text, 'configuration');
  } catch {
    return undefined;
  }
  let { start, end, entries }: Node = readNode(text, skip(text, 0));
  for (const name of path) {
    const entry = entries?.findLast((each) => each.name === name);
    if (entry === undefined) break;
    ({ entries, end } = entry.value);
    // A group is shown by its name: marking all of it would mark too much.
    start = entries === undefined ? entry.value.start : entry.start;
    if (entries !== undefined) end = entry.start + JSON.stringify(name).length;
  }
  return entries !== undefined && start === 0 ? { start: 0, end: 1 } : { start, end };
}

function editOnce(text: string, { path, value }: JsonEdit): string {
  parseJsonWithComments(text, 'configuration');
  const root = readNode(text, skip(text, 0));
  let node = root;
  for (const [depth, name] of path.entries()) {
    const entries: readonly Entry[] | undefined = node.entries;
    if (entries === undefined) {
      // A plain value stands where a group is needed: the group takes its place.
      return value === undefined
        ? text
        : replace(text, node.start, node.end, written(path.slice(depth), value, depth));
    }
    const entry = entries.findLast((each) => each.name === name);
    if (entry === undefined)
      return value === undefined ? text : insert(text, node, name, path.slice(depth + 1), value, depth + 1);
    if (depth === path.length - 1)
      return value === undefined
        ? remove(text, node, entry)
        : replace(text, entry.value.start, entry.value.end, JSON.stringify(value));
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
  const last = object.entries?.at(-1);
  if (last === undefined) {
    // What stands in an empty object can only be comments: the entry comes after them.
    const inside = text.slice(object.start + 1, object.end - 1).trimEnd();
    const closing = `\n${' '.repeat(indentation * (depth - 1))}}`;
    return replace(text, object.start + 1, object.end, inside + entry + closing);
  }
  const afterLast = skip(text, last.value.end);
  const hasComma = text[afterLast] === ',';
  if (hasComma) return replace(text, afterLast + 1, afterLast + 1, entry);
  // A comment on the last entry's line stays with it.
  const lineEnd = endOfCommentOnLine(text, last.value.end);
  return (
    text.slice(0, last.value.end) + ',' + text.slice(last.value.end, lineEnd) + entry + text.slice(lineEnd)
  );
}

/** Where the comment ends that follows on the same line, or the place itself where none does. */
function endOfCommentOnLine(text: string, place: number): number {
  const comment = /^[ \t]*\/\/[^\r\n]*/.exec(text.slice(place));
  return comment === null ? place : place + comment[0].length;
}

function remove(text: string, object: Node, entry: Entry): string {
  const entries = object.entries ?? [];
  const index = entries.indexOf(entry);
  const after = skip(text, entry.value.end);
  const comma = text[after] === ',';
  let start = entry.start;
  let end = comma ? after + 1 : entry.value.end;
  if (!comma && index > 0) {
    // The last entry goes with the comma before it.
    const before = entries[index - 1];
    if (before !== undefined) {
      const place = skip(text, before.value.end);
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

const stringLiteral = /"(?:[^"\\]|\\.)*"/y;
const plainLiteral = /[^\s,\]}/]+/y;

function literalEnd(text: string, place: number, literal: RegExp): number {
  literal.lastIndex = place;
  return place + (literal.exec(text)?.[0].length ?? 1);
}

/** Reads the value at a place of a text that is known to be valid. */
function readNode(text: string, start: number): Node {
  switch (text[start]) {
    case '{':
      return readObject(text, start);
    case '[':
      return { start, end: readList(text, start) };
    case '"':
      return { start, end: literalEnd(text, start, stringLiteral) };
    default:
      return { start, end: literalEnd(text, start, plainLiteral) };
  }
}

function readObject(text: string, start: number): Node {
  const entries: Entry[] = [];
  let place = skip(text, start + 1);
  while (text[place] !== '}') {
    const nameStart = place;
    const nameEnd = literalEnd(text, nameStart, stringLiteral);
    const valueStart = skip(text, skip(text, nameEnd) + 1);
    const node = readNode(text, valueStart);
    entries.push({
      name: JSON.parse(text.slice(nameStart, nameEnd)) as string,
      start: nameStart,
      value: node,
    });
    place = skip(text, node.end);
    if (text[place] === ',') place = skip(text, place + 1);
  }
  return { start, end: place + 1, entries };
}

function readList(text: string, start: number): number {
  let place = skip(text, start + 1);
  while (text[place] !== ']') {
    place = skip(text, readNode(text, place).end);
    if (text[place] === ',') place = skip(text, place + 1);
  }
  return place + 1;
}
