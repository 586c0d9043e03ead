/** An element of a JSON array, or the whole of a file that holds no array. */
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

const structure = /["[\]{},]/g;
const stringEnd = /["\\]/g;

/**
 * Splits the JSON text of an array into the texts of its elements as it arrives, so that a large file need not fit into
 * memory. It looks at brackets, commas and strings alone; whether an element is valid JSON its parser will say. A file
 * that begins with anything but an array is one element.
 */
export function createJsonElementSplitter(): JsonElementSplitter {
  let rest = ''; // from the beginning of the current element
  let at = 0; // how far `rest` has been looked at
  let depth = 0; // brackets open around `at`, the array's own among them
  let inString = false;
  let form: 'unknown' | 'array' | 'single' = 'unknown';
  let closed = false;
  let number = 0;
  let line = 1;

  function take(end: number, next: number): readonly JsonElement[] {
    const raw = rest.slice(0, end);
    const json = raw.trim();
    const leading = raw.length - raw.trimStart().length;
    const elements =
      json === '' ? [] : [{ json, number: ++number, line: line + lineEnds(raw.slice(0, leading)) }];
    line += lineEnds(rest.slice(0, next));
    rest = rest.slice(next);
    at = 0;
    return elements;
  }

  function scan(): readonly JsonElement[] {
    const elements: JsonElement[] = [];
    while (!closed) {
      const pattern = inString ? stringEnd : structure;
      pattern.lastIndex = at;
      const found = pattern.exec(rest);
      if (found === null) {
        at = rest.length;
        return elements;
      }
      const [character] = found;
      if (inString && character === '\\') {
        // What is escaped is passed over, once it is there.
        if (found.index + 1 >= rest.length) {
          at = found.index;
          return elements;
        }
        at = found.index + 2;
        continue;
      }
      at = found.index + 1;
      if (character === '"') inString = !inString;
      else if (character === '[' || character === '{') depth += 1;
      else if (character === ',' && depth === 1) elements.push(...take(found.index, found.index + 1));
      else if (character === ']' || character === '}') {
        depth -= 1;
        if (depth === 0) {
          elements.push(...take(found.index, found.index + 1));
          closed = true;
        }
      }
    }
    return elements;
  }

  return {
    push: (text) => {
      rest += text;
      if (form === 'unknown') {
        const start = rest.search(/\S/);
        if (start < 0) return [];
        form = rest[start] === '[' ? 'array' : 'single';
        if (form === 'array') {
          line += lineEnds(rest.slice(0, start));
          rest = rest.slice(start + 1);
          depth = 1;
        }
      }
      return form === 'array' ? scan() : [];
    },
    finish: () => {
      if (form === 'array')
        return {
          elements: closed ? [] : take(rest.length, rest.length),
          complete: closed && rest.trim() === '',
        };
      return { elements: take(rest.length, rest.length), complete: true };
    },
  };
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
