import type { TokenCount } from '../../../shared/datasets/statistics.ts';
import type { Project } from '../projects/projects.ts';
import { findTokenCount, insertTokenCount } from '../store/datasets.ts';
import { openTokenizer } from './tokenizers.ts';
import { countWords } from './word-count.ts';
import { datasetDocuments } from '../datasets/dataset-documents.ts';
import { readDatasetVersion, requireDataset } from '../datasets/dataset-rows.ts';
import type { OpenDataset } from '../datasets/documents/curated-dataset.ts';
import { withTextsInUse } from '../datasets/texts-in-use.ts';

/** Documents of a sample, at most, and the text that is encoded of each, in UTF-16 units. */
const sampledDocuments = 500;
const sampledText = 4000;

/** How many tokens a dataset is, as it was counted, or else by a sample spread evenly over its documents. */
export async function estimateTokens(
  project: Project,
  { row, index, effects }: OpenDataset,
  tokenizerName: string,
): Promise<TokenCount> {
  const tokenizer = await openTokenizer(project, tokenizerName);
  const counted = findTokenCount(project.store, row.id, row.hash, tokenizer.hash);
  if (counted !== undefined) {
    const { tokens, bytes, words, documents } = counted;
    return {
      version: row.hash,
      tokenizer: tokenizerName,
      tokens,
      exact: true,
      sampled: documents,
      ...ratios(tokens, bytes, words),
    };
  }
  const step = Math.max(1, effects.included / sampledDocuments);
  let tokens = 0;
  let bytes = 0;
  let words = 0;
  let sampledCharacters = 0;
  let characters = 0;
  let sampled = 0;
  let passed = 0;
  for (let document = 0; document < index.description.documents; document++) {
    if (effects.excludedBy[document] !== -1) continue;
    const edited = effects.edits.get(document);
    characters += edited?.measures.characters ?? index.columns.characters[document] ?? 0;
    if (passed++ < Math.floor(sampled * step)) continue;
    sampled += 1;
    const text = edited?.text(sampledText) ?? index.text(document, sampledText);
    tokens += tokenizer.encode(text).length;
    bytes += Buffer.byteLength(text);
    words += countWords(text);
    sampledCharacters += text.length;
  }
  return {
    version: row.hash,
    tokenizer: tokenizerName,
    tokens: sampledCharacters === 0 ? 0 : Math.round((tokens / sampledCharacters) * characters),
    exact: sampledCharacters === characters,
    sampled,
    ...ratios(tokens, bytes, words),
  };
}

function ratios(
  tokens: number,
  bytes: number,
  words: number,
): Pick<TokenCount, 'tokensPerWord' | 'bytesPerToken'> {
  return {
    tokensPerWord: words === 0 ? null : tokens / words,
    bytesPerToken: tokens === 0 ? null : bytes / tokens,
  };
}

/** How often the counting tells how far it is, in documents. */
const progressInterval = 200;

/** Encodes every document of a dataset to count its tokens, and keeps the number. */
export async function countTokens(
  project: Project,
  datasetName: string,
  tokenizerName: string,
  options: { readonly onProgress?: (documents: number) => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { onProgress, signal } = options;
  const { id } = requireDataset(project, datasetName);
  await withTextsInUse(project, id, 'the counting of its tokens', count);

  async function count(): Promise<void> {
    const version = readDatasetVersion(project, id);
    const tokenizer = await openTokenizer(project, tokenizerName);
    let tokens = 0;
    let bytes = 0;
    let words = 0;
    let documents = 0;
    for await (const { text, continues = false } of datasetDocuments(
      project,
      version,
      signal === undefined ? {} : { signal },
    )) {
      tokens += tokenizer.encode(text).length;
      bytes += Buffer.byteLength(text);
      words += countWords(text);
      if (continues) continue;
      documents += 1;
      if (documents % progressInterval !== 0) continue;
      onProgress?.(documents);
      signal?.throwIfAborted();
      // Lets a request to stop be heard: reading from an index waits for nothing.
      await new Promise((resolve) => setImmediate(resolve));
    }
    insertTokenCount(project.store, {
      datasetId: id,
      datasetHash: version.hash,
      tokenizerHash: tokenizer.hash,
      tokens,
      bytes,
      words,
      documents,
    });
  }
}
