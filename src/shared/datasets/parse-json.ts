/** Parses JSON; NaN, Infinity and -Infinity outside strings are taken as null. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError) || !/NaN|Infinity/.test(json)) throw error;
    const strict = rewriteOutsideStrings(json, (part) =>
      part.replaceAll(/(?<![\w.+-])(?:NaN|-?Infinity)(?![\w.])/g, 'null'),
    );
    try {
      return JSON.parse(strict);
    } catch {
      throw error;
    }
  }
}

/** Changes what stands between the strings of JSON and, if wanted, the strings, each with its quotes. */
export function rewriteOutsideStrings(
  json: string,
  outside: (part: string) => string,
  inside: (string: string) => string = (string) => string,
): string {
  const parts: string[] = [];
  let at = 0;
  for (let quote = json.indexOf('"'); quote >= 0; quote = json.indexOf('"', at)) {
    const end = endOfString(json, quote);
    parts.push(outside(json.slice(at, quote)), inside(json.slice(quote, end)));
    at = end;
  }
  parts.push(outside(json.slice(at)));
  return parts.join('');
}

/** Where the string of JSON that begins at `start` ends, behind its closing quote. */
export function endOfString(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let before = at - 1;
    while (json[before] === '\\') before -= 1;
    if ((at - before) % 2 === 1) return at + 1;
  }
  return json.length;
}
