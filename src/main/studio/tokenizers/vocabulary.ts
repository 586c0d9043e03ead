import type { Vocabulary } from '../../../shared/tokenizers/encoding.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import type { Project } from '../projects/projects.ts';
import { describeToken } from './token-kinds.ts';
import { loadedTokenizer } from './tokenizer-cache.ts';

export interface VocabularyPage {
  readonly from: number;
  readonly count: number;
  readonly search?: string | undefined;
}

/** Tokens of a vocabulary in the order of their ids, or those that a search finds. */
export async function readVocabulary(
  project: Project,
  name: string,
  { from, count, search = '' }: VocabularyPage,
): Promise<Vocabulary> {
  const tokenizer = await loadedTokenizer(project, name);
  if (search === '') {
    const length = Math.max(0, Math.min(count, tokenizer.vocabularySize - from));
    return {
      total: tokenizer.vocabularySize,
      tokens: Array.from({ length }, (_, index) => describeToken(tokenizer, from + index)),
    };
  }
  const found = findTokens(tokenizer, search);
  return {
    total: found.length,
    tokens: found.slice(from, from + count).map((id) => describeToken(tokenizer, id)),
  };
}

/** Ids of the tokens whose text has the search in it, in either case, or whose id it is. */
function findTokens(tokenizer: Tokenizer, search: string): readonly number[] {
  const wanted = search.toLowerCase();
  const found: number[] = [];
  for (let id = 0; id < tokenizer.vocabularySize; id++)
    if (String(id) === search || tokenizer.tokenText(id).toLowerCase().includes(wanted)) found.push(id);
  return found;
}
