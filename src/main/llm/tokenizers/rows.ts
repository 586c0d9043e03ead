import { LoamError } from '../../../shared/errors.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * A tokenizer may have more tokens than its model has rows: one for padding that was added later, and never occurs in a
 * text. A token that texts are encoded to needs its row.
 * @param where the model's folder, for the message
 * @returns a sentence where it has more.
 * @throws LoamError that names the first token of texts without a row.
 */
export function requireRows(
  tokenizer: Tokenizer,
  { vocabularySize: rows }: { readonly vocabularySize: number },
  where?: string,
): string | undefined {
  for (let id = rows; id < tokenizer.vocabularySize; id++) {
    if (tokenizer.tokenBytes(id).length === 0) continue;
    throw new LoamError({
      kind: 'input',
      ...(where === undefined ? {} : { where }),
      what: `The tokenizer has ${tokenizer.vocabularySize} tokens and the model knows ${rows}: it has nothing for ${JSON.stringify(tokenizer.tokenText(id))} (${id}).`,
      remedy: 'Put the tokenizer there that the model was trained with.',
    });
  }
  const more = tokenizer.vocabularySize - rows;
  if (more <= 0) return undefined;
  return `The tokenizer has ${more} ${more === 1 ? 'token' : 'tokens'} more than the model knows, such as ${JSON.stringify(tokenizer.tokenText(rows))} (${rows}). Texts are never encoded to ${more === 1 ? 'it' : 'them'}; a prompt or chat template that spells ${more === 1 ? 'it' : 'one'} out is refused.`;
}

/** @throws LoamError when a text holds a token that the model has no row for: a special one that a template spells out. */
export function requireRowsOf(
  ids: readonly number[],
  tokenizer: Tokenizer,
  { vocabularySize: rows }: { readonly vocabularySize: number },
): void {
  const without = ids.find((id) => id >= rows);
  if (without === undefined) return;
  throw new LoamError({
    kind: 'input',
    what: `The text holds the token ${JSON.stringify(tokenizer.tokenText(without))} (${without}), and the model knows only ${rows} tokens.`,
    remedy: 'Use the tokenizer and the chat template that the model was trained with.',
  });
}
