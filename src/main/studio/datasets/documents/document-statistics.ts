import type { DocumentStatistics } from '../../../../shared/datasets/statistics.ts';
import { labelOf, measuresOf, type CuratedDocuments } from './document-views.ts';
import { createHashTable } from './hash-table.ts';

const mostLabels = 100;
const mostSources = 1000;

/** What the documents are like that the recipe keeps. */
export function describeDocuments(documents: CuratedDocuments): DocumentStatistics {
  const { index, effects } = documents;
  const { columns, description } = index;
  const lengths: number[] = [];
  const totals = { characters: 0, words: 0, duplicates: 0, empty: 0, suspicious: 0, edited: 0 };
  const languages = new Map<string, number>();
  const labels = new Map<string, number>();
  const bySource = description.sources.map((name) => ({ name, documents: 0, characters: 0 }));
  const seen = createHashTable(effects.included);
  for (let document = 0; document < description.documents; document++) {
    if (effects.excludedBy[document] !== -1) continue;
    const { characters, words, empty, suspicious, language } = measuresOf(documents, document);
    lengths.push(characters);
    totals.characters += characters;
    totals.words += words;
    if (empty) totals.empty += 1;
    if (suspicious) totals.suspicious += 1;
    if (effects.edits.has(document)) totals.edited += 1;
    if (!empty && isCopy(documents, document, seen)) totals.duplicates += 1;
    count(languages, language);
    const label = labelOf(documents, document);
    if (label !== undefined) count(labels, label);
    const source = bySource[columns.source[document] ?? 0];
    if (source !== undefined) {
      source.documents += 1;
      source.characters += characters;
    }
  }
  const sorted = Float64Array.from(lengths).sort();
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return {
    documents: lengths.length,
    ...totals,
    lengths: {
      shortest: quantile(0),
      low: quantile(0.05),
      median: quantile(0.5),
      high: quantile(0.95),
      longest: quantile(1),
    },
    histogram: histogramOf(sorted),
    languages: ranked(languages).map(([language, each]) => ({ language, documents: each })),
    labels: ranked(labels)
      .slice(0, mostLabels)
      .map(([label, each]) => ({ label, documents: each })),
    differentLabels: labels.size,
    sources: bySource.slice(0, mostSources),
  };
}

/** Whether a document that is kept has the text of one kept before it. */
function isCopy(
  { index, effects }: CuratedDocuments,
  document: number,
  seen: ReturnType<typeof createHashTable>,
): boolean {
  const { textHash } = index.columns;
  const [high, low] = effects.edits.get(document)?.measures.hash ?? [
    textHash[2 * document] ?? 0,
    textHash[2 * document + 1] ?? 0,
  ];
  return seen.getOrAdd(high, low, document) !== undefined;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function ranked(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
}

/** Bars that double in width: 0, 1, 2–3, 4–7 …, from the first that holds a document to the last. */
function histogramOf(sorted: Float64Array): DocumentStatistics['histogram'] {
  const bar = (length: number): number => (length === 0 ? 0 : Math.floor(Math.log2(length)) + 1);
  const start = (place: number): number => (place === 0 ? 0 : 2 ** (place - 1));
  const [shortest] = sorted;
  const longest = sorted.at(-1);
  if (shortest === undefined || longest === undefined) return [];
  const first = bar(shortest);
  const counts = Array.from({ length: bar(longest) - first + 1 }, () => 0);
  for (const length of sorted) counts[bar(length) - first] = (counts[bar(length) - first] ?? 0) + 1;
  return counts.map((documents, index) => ({
    from: start(first + index),
    to: start(first + index + 1),
    documents,
  }));
}
