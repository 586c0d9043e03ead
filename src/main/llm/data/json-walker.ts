/** A place in JSON text where something begins, ends or is parted. */
export interface JsonMark {
  readonly kind: 'open' | 'close' | 'comma';
  /** `[`, `{`, `]`, `}` or a comma. */
  readonly character: string;
  /** How many lists and objects are open around it: inside of what it opens, and of what it closes. */
  readonly depth: number;
  /** Of what opens as the value of a key, near the top. */
  readonly key: string | undefined;
  /** From the beginning of all text, in UTF-16 units. */
  readonly offset: number;
}

export interface JsonWalker {
  push(text: string): void;
}

const structure = /["[\]{},:]/g;
const stringEnd = /["\\]/g;
/** Keys of what lies deeper are of no use to those who walk. */
const deepestKey = 4;

/**
 * Walks over JSON text as it arrives and tells of its brackets and commas. Whether it is valid JSON its parser will say.
 * It remembers nothing but how deep it is, so that text of any size and depth takes no memory.
 */
export function createJsonWalker(onMark: (mark: JsonMark) => void): JsonWalker {
  let before = 0; // units of the texts that came before
  let depth = 0;
  let inString = false;
  let escaped = false; // whether the next unit belongs to an escape
  let string: string[] | undefined; // the text of the string that is being read, where it may be a key
  let lastString: string | undefined;
  let key: string | undefined;

  function walkString(text: string, from: number): number {
    let at = from;
    for (;;) {
      if (escaped && at < text.length) {
        escaped = false;
        at += 1;
      }
      stringEnd.lastIndex = at;
      const found = stringEnd.exec(text);
      if (found === null) {
        string?.push(text.slice(from));
        return text.length;
      }
      if (found[0] === '\\') {
        escaped = true;
        at = found.index + 1;
        if (at < text.length) continue;
        string?.push(text.slice(from));
        return text.length;
      }
      string?.push(text.slice(from, found.index));
      inString = false;
      lastString = string?.join('');
      return found.index + 1;
    }
  }

  function mark(character: string, index: number): void {
    const offset = before + index;
    switch (character) {
      case ':':
        key = lastString === undefined ? undefined : decodeKey(lastString);
        return;
      case ',':
        onMark({ kind: 'comma', character, depth, key: undefined, offset });
        break;
      case '[':
      case '{':
        depth += 1;
        onMark({ kind: 'open', character, depth, key, offset });
        break;
      default:
        onMark({ kind: 'close', character, depth, key: undefined, offset });
        depth -= 1;
    }
    key = undefined;
  }

  return {
    push: (text) => {
      let at = 0;
      for (;;) {
        if (inString) at = walkString(text, at);
        if (inString) break;
        structure.lastIndex = at;
        const found = structure.exec(text);
        if (found === null) break;
        at = found.index + 1;
        if (found[0] === '"') {
          inString = true;
          string = depth <= deepestKey ? [] : undefined;
        } else mark(found[0], found.index);
      }
      before += text.length;
    },
  };
}

function decodeKey(json: string): string | undefined {
  if (!json.includes('\\')) return json;
  try {
    return String(JSON.parse(`"${json}"`));
  } catch {
    return undefined;
  }
}
