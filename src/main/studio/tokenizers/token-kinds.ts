import type { VocabularyToken } from '../../../shared/tokenizers/encoding.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether bytes are whole characters by themselves. */
export function areWholeCharacters(bytes: Uint8Array): boolean {
  try {
    strictUtf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A token of the vocabulary as a page shows it. */
export function describeToken(tokenizer: Tokenizer, id: number): VocabularyToken {
  const bytes = tokenizer.tokenBytes(id);
  const text = tokenizer.tokenText(id);
  const isSpecial = bytes.length === 0 || id === tokenizer.endOfText;
  return {
    id,
    text,
    bytes: isSpecial ? '' : Buffer.from(bytes).toString('hex'),
    kind: isSpecial ? (text === '' ? 'unused' : 'special') : areWholeCharacters(bytes) ? 'text' : 'bytes',
  };
}
