import type { EncodedToken, VocabularyToken } from '../../../shared/tokenizers/encoding.ts';

const marks: Readonly<Record<string, string>> = {
  ' ': '·',
  '\n': '⏎',
  '\r': '␍',
  '\t': '⇥',
  '\u00a0': '⍽',
  '\u007f': '␡',
};

const invisible = /[\s\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/u;

/** A token's text so that nothing in it is invisible: a dot for a space, signs and code points for what does not show. */
export function visibleText({ kind, text, bytes }: Pick<VocabularyToken, 'kind' | 'text' | 'bytes'>): string {
  if (kind === 'bytes') return spacedBytes(bytes);
  return Array.from(text, visibleCharacter).join('');
}

function visibleCharacter(character: string): string {
  const mark = marks[character];
  if (mark !== undefined) return mark;
  if (!invisible.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20
    ? String.fromCodePoint(0x2400 + code)
    : `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** "e28099" → "E2 80 99". */
export function spacedBytes(bytes: string): string {
  return bytes.toUpperCase().replaceAll(/..(?=.)/g, '$& ');
}

/** How many colours alternate. */
const shades = 6;

/** The colour of a token's edge and background, as CSS. Neighbours differ. */
export function tokenEdge({ kind }: Pick<EncodedToken, 'kind'>, index: number): string {
  return kind === 'unknown' ? 'var(--color-danger)' : `var(--color-series-${(index % shades) + 1})`;
}
