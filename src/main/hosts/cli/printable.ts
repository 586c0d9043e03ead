/** The styles that Loam itself uses: bold and dim, red, green and yellow, and their ends. They hide and move nothing. */
const ownStyle = '\\u001B\\[(?:[12]|22|3[123]|39)m';

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const controls = /\r\n|[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
const controlsButStyles = new RegExp(`${ownStyle}|${controls.source}`, 'g');
const isOwnStyle = new RegExp(`^${ownStyle}$`);

/**
 * A text as a terminal may show it: control characters but tab and line end are replaced by signs for them (U+2400 on, as
 * ␛). File names, columns, documents and what a model writes are foreign, and a terminal obeys such characters: they move the
 * cursor, rewrite what stands above, set the window's title, in some terminals the clipboard.
 * @param styled whether the text has styles of Loam's own
 */
export function printable(text: string, { styled }: { readonly styled: boolean }): string {
  return text.replaceAll(styled ? controlsButStyles : controls, (found) => {
    if (found === '\r\n') return '\n';
    const code = found.charCodeAt(0);
    if (isOwnStyle.test(found)) return found;
    if (code === 0x7f) return '\u2421';
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\uFFFD';
  });
}
