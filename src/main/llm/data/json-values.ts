import type { Fields } from '../../../shared/datasets/columns.ts';
import { endOfString, parseJson, rewriteOutsideStrings } from '../../../shared/datasets/parse-json.ts';

/**
 * The content of a JSON value that is a record: the fields of an object as text, or the text that it is. Numbers keep
 * their digits as they stand in the file (identifiers of 64 bits, 1.10, 1e400), truth values are their words, null and
 * NaN (which Python writes) are empty, lists and objects are JSON without the blanks between their parts. Of a key that
 * is there twice the last counts, as in Python and JavaScript.
 * @returns undefined for a value that is neither an object nor a text.
 * @throws SyntaxError for what is no JSON, but for NaN, Infinity and -Infinity, which Python's json module writes.
 */
export function contentOfJson(json: string): Fields | string | undefined {
  const value = parseJson(json);
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return fieldsOfObject(json);
}

/** The fields of an object that is known to be valid. Nothing here calls itself: JSON may be nested deeper than a stack. */
function fieldsOfObject(json: string): Fields {
  const fields = new Map<string, string>();
  let at = skipBlanks(json, json.indexOf('{') + 1);
  while (json[at] === '"') {
    const keyEnd = endOfString(json, at);
    const key = textOfString(json.slice(at, keyEnd));
    const start = skipBlanks(json, json.indexOf(':', keyEnd) + 1);
    const end = endOfValue(json, start);
    fields.set(key === '' ? 'unnamed' : key, textOfValue(json.slice(start, end)));
    at = skipBlanks(json, end);
    if (json[at] === ',') at = skipBlanks(json, at + 1);
  }
  return fields;
}

function textOfValue(json: string): string {
  switch (json[0]) {
    case '"':
      return textOfString(json);
    case '{':
    case '[':
      return compact(json);
    default:
      return json === 'null' || json === 'NaN' ? '' : json;
  }
}

/** JSON without blanks between its parts, its strings with no more escapes than they need, its numbers as they are. */
function compact(json: string): string {
  return rewriteOutsideStrings(
    json,
    (part) => part.replaceAll(/\s+/g, ''),
    (string) => (string.includes('\\') ? JSON.stringify(textOfString(string)) : string),
  ).toWellFormed();
}

function textOfString(json: string): string {
  const text = json.includes('\\') ? String(JSON.parse(json)) : json.slice(1, -1);
  return text.toWellFormed();
}

function skipBlanks(json: string, from: number): number {
  let at = from;
  while (at < json.length && json.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

const structure = /["[\]{}]/g;

function endOfValue(json: string, start: number): number {
  const first = json[start];
  if (first === '"') return endOfString(json, start);
  if (first !== '{' && first !== '[') {
    let at = start;
    while (at < json.length && !',}]'.includes(json.charAt(at)) && json.charCodeAt(at) > 0x20) at += 1;
    return at;
  }
  let depth = 0;
  structure.lastIndex = start;
  for (let found = structure.exec(json); found !== null; found = structure.exec(json)) {
    const character = found[0];
    if (character === '"') structure.lastIndex = endOfString(json, found.index);
    else if (character === '{' || character === '[') depth += 1;
    else if ((depth -= 1) === 0) return found.index + 1;
  }
  return json.length;
}
