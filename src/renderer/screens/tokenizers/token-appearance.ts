import type { EncodedToken, VocabularyToken } from '../../../shared/tokenizers/encoding.ts';

const marks: Readonly<Record<string, string>> = {
  ' ': '·',
  '\n': '⏎',
  '\t': '⇥',
};

const invisible = /[\s\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/u;

/** A token's text so that nothing in it is invisible: a dot for a space, arrows for new lines and tabs, code points for what else does not show. */
export function visibleText({ kind, text, bytes }: Pick<VocabularyToken, 'kind' | 'text' | 'bytes'>): string {
  if (kind === 'bytes') return spacedBytes(bytes);
  return Array.from(text, visibleCharacter).join('');
}

function visibleCharacter(character: string): string {
  const mark = marks[character];
  if (mark !== undefined) return mark;
  if (!invisible.test(character)) return character;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `⟨${code.padStart(code.length > 2 ? 4 : 2, '0')}⟩`;
}

/** "e28099" → "E2 80 99". */
export function spacedBytes(bytes: string): string {
  return bytes.toUpperCase().replaceAll(/..(?=.)/g, '$& ');
}

/** Backgrounds and edges that follow one another, so that neighbours differ. */
const shades = [
  'border-series-1 bg-series-1/15 data-[current]:bg-series-1/40',
  'border-series-2 bg-series-2/15 data-[current]:bg-series-2/40',
  'border-series-3 bg-series-3/15 data-[current]:bg-series-3/40',
  'border-series-4 bg-series-4/15 data-[current]:bg-series-4/40',
  'border-series-5 bg-series-5/15 data-[current]:bg-series-5/40',
  'border-series-6 bg-series-6/15 data-[current]:bg-series-6/40',
] as const;

const base = 'rounded-sm border-b-2 box-decoration-clone data-[current]:outline-2 data-[current]:outline-ink';

/**
 * The classes of a token in a text: a background, and an edge below that ends where the token ends, so that colour is not
 * all that parts it from its neighbours. What the vocabulary lacks has a dashed edge.
 */
export function tokenClass({ kind }: Pick<EncodedToken, 'kind'>, index: number): string {
  const shade =
    kind === 'unknown'
      ? 'border-danger border-dashed bg-danger-soft'
      : (shades[index % shades.length] ?? shades[0]);
  return `${base} ${shade}`;
}
