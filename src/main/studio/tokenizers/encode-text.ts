import { LoamError } from '../../../shared/errors.ts';
import {
  longestEncodedText,
  type EncodedText,
  type EncodedToken,
} from '../../../shared/tokenizers/encoding.ts';
import { locateTokens } from '../../llm/tokenizers/token-offsets.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import type { Project } from '../projects/projects.ts';
import { describeToken } from './token-kinds.ts';
import { loadedTokenizer } from './tokenizer-cache.ts';
import { countWords } from './word-count.ts';

/** @throws LoamError for a text that is too long to be shown token by token. */
export function requireShortText(text: string): void {
  if (text.length <= longestEncodedText) return;
  throw new LoamError({
    kind: 'misuse',
    where: 'text',
    what: `The text has ${text.length.toLocaleString('en')} characters; at most ${longestEncodedText.toLocaleString('en')} are shown token by token.`,
    remedy: 'Take a part of it, or compare tokenizers on a dataset.',
  });
}

/** The tokens of a text as a project's tokenizer makes them, each with its place. */
export async function encodeText(project: Project, name: string, text: string): Promise<EncodedText> {
  requireShortText(text);
  const tokenizer = await loadedTokenizer(project, name);
  const ids = tokenizer.encode(text);
  const places = locateTokens(tokenizer, text, ids);
  const wellFormed = text.toWellFormed();
  return {
    tokens: Array.from(ids, (id, index) => describeEncoded(tokenizer, id, wellFormed, places[index])),
    characters: Array.from(wellFormed).length,
    words: countWords(wellFormed),
    bytes: Buffer.byteLength(wellFormed),
    restored: tokenizer.decode(ids) === wellFormed,
  };
}

function describeEncoded(
  tokenizer: Tokenizer,
  id: number,
  text: string,
  place: { readonly start: number; readonly end: number } = { start: 0, end: 0 },
): EncodedToken {
  const token = describeToken(tokenizer, id);
  return {
    ...token,
    ...place,
    kind: isUnknown(tokenizer, id, text, place) ? 'unknown' : token.kind,
  };
}

/** The character that Unicode has for one that cannot be shown; a vocabulary of characters uses it for those it lacks. */
const replacement = '\uFFFD';

/** A special token never comes from the text itself: in what was encoded it stands for what the vocabulary lacks. */
export function isUnknown(
  tokenizer: Tokenizer,
  id: number,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  if (tokenizer.tokenBytes(id).length === 0) return true;
  return (
    tokenizer.kind === 'char' &&
    tokenizer.tokenText(id) === replacement &&
    text.slice(start, end) !== replacement
  );
}
