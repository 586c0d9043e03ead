import { LoamError } from '../../../shared/errors.ts';
import { END_OF_TEXT } from './tokenizer.ts';

/** Tokens that end a text in published tokenizers, the most telling first. */
const endOfTextTokens = [
  END_OF_TEXT,
  '<|end_of_text|>',
  '</s>',
  '<eos>',
  '<|im_end|>',
  '<|eot_id|>',
  '<｜end▁of▁sentence｜>',
  '[SEP]',
];

/**
 * The id of the token that ends a document: the one that tokenizer_config.json names as `eos_token`, else the first
 * well-known one. Throws a LoamError when there is none.
 */
export function findEndOfText(
  idOfToken: (token: string) => number | undefined,
  config: unknown,
  where: string,
): number {
  const named = namedEndOfText(config);
  for (const token of named === undefined ? endOfTextTokens : [named, ...endOfTextTokens]) {
    const id = idOfToken(token);
    if (id !== undefined) return id;
  }
  throw new LoamError({
    kind: 'input',
    what: 'The tokenizer has no token that ends a text.',
    where,
    remedy: 'Put a tokenizer_config.json beside it whose "eos_token" names one of its tokens.',
  });
}

function namedEndOfText(config: unknown): string | undefined {
  if (typeof config !== 'object' || config === null || !('eos_token' in config)) return undefined;
  const token: unknown = config.eos_token;
  if (typeof token === 'string') return token;
  if (typeof token === 'object' && token !== null && 'content' in token && typeof token.content === 'string')
    return token.content;
  return undefined;
}
