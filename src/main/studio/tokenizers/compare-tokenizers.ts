import type { TokenizerComparison, TokenizerFit } from '../../../shared/tokenizers/encoding.ts';
import { locateTokens } from '../../llm/tokenizers/token-offsets.ts';
import type { Project } from '../projects/projects.ts';
import { datasetSample } from './dataset-sample.ts';
import { isUnknown, requireShortText } from './encode-text.ts';
import { areWholeCharacters } from './token-kinds.ts';
import { loadedTokenizer } from './tokenizer-cache.ts';
import { countWords } from './word-count.ts';

export type ComparisonSample =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'dataset'; readonly dataset: string };

/** Encodes the same text with several tokenizers and says how well each fits it. */
export async function compareTokenizers(
  project: Project,
  names: readonly string[],
  sample: ComparisonSample,
): Promise<TokenizerComparison> {
  const text = (await readSample(project, sample)).toWellFormed();
  const bytes = Buffer.byteLength(text);
  const characters = Array.from(text).length;
  const words = countWords(text);
  const tokenizers: TokenizerFit[] = [];
  for (const name of names)
    tokenizers.push(await measureFit(project, name, text, { bytes, characters, words }));
  return { sample: { bytes, characters, words }, tokenizers };
}

async function readSample(project: Project, sample: ComparisonSample): Promise<string> {
  if (sample.kind === 'dataset') return datasetSample(project, sample.dataset);
  requireShortText(sample.text);
  return sample.text;
}

async function measureFit(
  project: Project,
  name: string,
  text: string,
  { bytes, characters, words }: TokenizerComparison['sample'],
): Promise<TokenizerFit> {
  const tokenizer = await loadedTokenizer(project, name);
  const ids = tokenizer.encode(text);
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  const places = locateTokens(tokenizer, text, ids);
  let partial = 0;
  let unknown = 0;
  let lost = 0;
  ids.forEach((id, index) => {
    const place = places[index] ?? { start: 0, end: 0 };
    if (isUnknown(tokenizer, id, text, place)) {
      unknown++;
      lost += place.end - place.start;
    } else if (!areWholeCharacters(tokenizer.tokenBytes(id))) partial++;
  });
  return {
    name,
    vocabularySize: tokenizer.vocabularySize,
    tokens: ids.length,
    distinctTokens: new Set(ids).size,
    tokensPerWord: share(ids.length, words),
    bytesPerToken: share(bytes, ids.length),
    charactersPerToken: share(characters, ids.length),
    partialShare: share(partial, ids.length),
    unknownShare: share(unknown, ids.length),
    lostShare: share(lost, text.length),
    restored: tokenizer.decode(ids) === text,
  };
}
