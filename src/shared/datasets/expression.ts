/** A regular expression as a step of a recipe means it: `^` and `$` are the ends of lines. */
export function compileExpression(source: string, matchCase: boolean): RegExp {
  return new RegExp(source, matchCase ? 'gmu' : 'gimu');
}

/** Finds a text as it is written, whatever signs it has. */
export function compilePlainText(text: string, matchCase: boolean): RegExp {
  // A letter would be escaped into something else; only the signs of the syntax may be under the flag u.
  return compileExpression(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`), matchCase);
}

/** What is wrong with a regular expression, as a sentence; undefined where it can be used. */
export function problemOfExpression(source: string, matchCase: boolean): string | undefined {
  try {
    return compileExpression(source, matchCase).test('')
      ? 'The expression also matches nothing at all, and so at every place. Write + in the place of *, say.'
      : undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // V8 says "Invalid regular expression: /…/gimu: Unterminated group".
    return `The regular expression cannot be read: ${said.slice(said.lastIndexOf(': ') + 2)}.`;
  }
}
