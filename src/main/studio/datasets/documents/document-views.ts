import {
  unknownLanguage,
  type DocumentFlag,
  type DocumentQuery,
  type DocumentRow,
  type DocumentState,
} from '../../../../shared/datasets/document.ts';
import { compilePlainText } from '../../../../shared/datasets/expression.ts';
import { assertNever } from '../../../../shared/errors.ts';
import { changedContaining } from './containing.ts';
import { documentBits } from './index-columns.ts';
import type { TextMeasures } from './measures.ts';
import type { DocumentIndex } from './open-index.ts';
import type { FindContaining, RecipeEffects } from './recipe-effects.ts';

/** An index together with what the recipe makes of its documents. */
export interface CuratedDocuments {
  readonly index: DocumentIndex;
  readonly effects: RecipeEffects;
}

/** UTF-16 units of the beginning of a text that a table shows. */
const previewLength = 240;

/** The state of a document after the recipe. */
export function stateOf({ effects }: CuratedDocuments, document: number): DocumentState {
  if (effects.excludedBy[document] !== -1) return 'excluded';
  return effects.edits.has(document) ? 'edited' : 'included';
}

/** What is known of a document's text after the recipe. */
export function measuresOf(
  { index, effects }: CuratedDocuments,
  document: number,
): Omit<TextMeasures, 'hash'> {
  const edited = effects.edits.get(document);
  if (edited !== undefined) return edited.measures;
  const { columns, description } = index;
  const bits = columns.bits[document] ?? 0;
  return {
    characters: columns.characters[document] ?? 0,
    words: columns.words[document] ?? 0,
    empty: (bits & documentBits.empty) !== 0,
    suspicious: (bits & documentBits.suspicious) !== 0,
    language: description.languages[columns.language[document] ?? 0] ?? unknownLanguage,
  };
}

/** The label of a document, where it has one. */
export function labelOf({ index }: CuratedDocuments, document: number): string | undefined {
  return index.description.labels[index.columns.label[document] ?? -1];
}

/** A document as a row of the table. @param sought what is searched: the preview shows it. */
export function rowOf(documents: CuratedDocuments, document: number, sought?: string): DocumentRow {
  const { index, effects } = documents;
  const { characters, words, empty, suspicious, language } = measuresOf(documents, document);
  const label = labelOf(documents, document);
  const excludedBy = effects.excludedBy[document] ?? -1;
  const flags: readonly (DocumentFlag | false)[] = [
    isDuplicate(documents, document) && 'duplicate',
    empty && 'empty',
    suspicious && 'suspicious',
  ];
  return {
    id: document,
    key: index.key(document),
    source: index.description.sources[index.columns.source[document] ?? 0] ?? '',
    place: index.columns.place[document] ?? 1,
    preview: previewOf(documents, document, sought),
    characters,
    words,
    language,
    ...(label === undefined ? {} : { label }),
    flags: flags.filter((flag) => flag !== false),
    state: stateOf(documents, document),
    ...(excludedBy === -1 ? {} : { excludedBy }),
  };
}

/** UTF-16 units of a text in which the first place of a search is looked for, and those shown before it. */
const searchedForPreview = 500_000;
const shownBeforeHit = 18;

function previewOf(
  { index, effects }: CuratedDocuments,
  document: number,
  sought: string | undefined,
): string {
  const beginning = (longest: number): string =>
    effects.edits.get(document)?.text(longest) ?? index.text(document, longest);
  const from =
    sought === undefined || sought === '' ? 0 : beginningForHit(beginning(searchedForPreview), sought);
  const shown = beginning(from + 2 * previewLength)
    .slice(from)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${from > 0 ? '…' : ''}${shown.slice(0, previewLength)}`.toWellFormed();
}

/** Where an excerpt begins so that even a narrow column shows what is sought: few letters before it, at a word. */
function beginningForHit(text: string, sought: string): number {
  const hit = compilePlainText(sought, false).exec(text)?.index ?? 0;
  if (hit <= shownBeforeHit) return 0;
  const from = hit - shownBeforeHit;
  const word = text.slice(from, hit).search(/\s\S/);
  return word === -1 ? from : from + word + 1;
}

/** Whether an earlier document of the sources has the same text; an edited one has a text of its own. */
export function isDuplicate({ index, effects }: CuratedDocuments, document: number): boolean {
  return index.columns.duplicateOf[document] !== -1 && !effects.edits.has(document);
}

/**
 * The documents that fit a query, in its order, by number.
 * @throws the signal's reason when a search is cancelled.
 */
export async function selectDocuments(
  documents: CuratedDocuments,
  query: DocumentQuery,
  findContaining: FindContaining,
  signal?: AbortSignal,
): Promise<Int32Array> {
  const { index, effects } = documents;
  const { columns, description } = index;
  const tests: ((document: number) => boolean)[] = [];

  const { states, flags, languages, labels, sources, minimumCharacters, maximumCharacters } = query;
  if (states !== undefined) tests.push((document) => states.includes(stateOf(documents, document)));
  if (query.excludedBy !== undefined)
    tests.push((document) => effects.excludedBy[document] === query.excludedBy);
  if (flags !== undefined)
    tests.push((document) => {
      const { empty, suspicious } = measuresOf(documents, document);
      return (
        (flags.includes('empty') && empty) ||
        (flags.includes('suspicious') && suspicious) ||
        (flags.includes('duplicate') && isDuplicate(documents, document))
      );
    });
  if (languages !== undefined)
    tests.push((document) => languages.includes(measuresOf(documents, document).language));
  if (labels !== undefined) {
    const wanted = new Set(labels.map((label) => (label === '' ? -1 : description.labels.indexOf(label))));
    tests.push((document) => wanted.has(columns.label[document] ?? -1));
  }
  if (sources !== undefined) {
    const wanted = new Set(sources.map((name) => description.sources.indexOf(name)));
    tests.push((document) => wanted.has(columns.source[document] ?? 0));
  }
  const characters = (document: number): number =>
    effects.edits.get(document)?.measures.characters ?? columns.characters[document] ?? 0;
  if (minimumCharacters !== undefined) tests.push((document) => characters(document) >= minimumCharacters);
  if (maximumCharacters !== undefined) tests.push((document) => characters(document) <= maximumCharacters);
  if (query.search !== undefined && query.search !== '') {
    const sought = query.search;
    const found = await findContaining(index, sought, false, signal);
    const all = await changedContaining(effects.edits, found, sought, false, signal);
    tests.push((document) => all[document] === 1);
  }

  const selected = new Int32Array(description.documents);
  let count = 0;
  for (let document = 0; document < description.documents; document++)
    if (tests.every((test) => test(document))) selected[count++] = document;
  return sortDocuments(documents, selected.slice(0, count), query.sort);
}

/** Sorts in place by a number of each document; equal ones keep the order of the sources. */
function sortDocuments(
  documents: CuratedDocuments,
  selected: Int32Array,
  { by, descending }: DocumentQuery['sort'],
): Int32Array {
  const { index, effects } = documents;
  const { columns, description } = index;
  const rank = (names: readonly string[]): Int32Array => {
    const order = names
      .map((name, place) => ({ name, place }))
      .sort((a, b) => a.name.localeCompare(b.name) || a.place - b.place);
    const ranks = new Int32Array(names.length);
    for (const [position, { place }] of order.entries()) ranks[place] = position;
    return ranks;
  };
  const measured =
    (column: Uint32Array, of: 'characters' | 'words') =>
    (document: number): number =>
      effects.edits.get(document)?.measures[of] ?? column[document] ?? 0;
  const value = ((): ((document: number) => number) => {
    switch (by) {
      case 'position':
        return (document) => document;
      case 'characters':
        return measured(columns.characters, 'characters');
      case 'words':
        return measured(columns.words, 'words');
      case 'source': {
        const ranks = rank(description.sources);
        return (document) => ranks[columns.source[document] ?? 0] ?? 0;
      }
      case 'language': {
        const ranks = rank(description.languages);
        return (document) => {
          const edited = effects.edits.get(document)?.measures.language;
          const place =
            edited === undefined ? columns.language[document] : description.languages.indexOf(edited);
          return ranks[place ?? 0] ?? -1;
        };
      }
      case 'label': {
        const ranks = rank(description.labels);
        return (document) => ranks[columns.label[document] ?? -1] ?? -1;
      }
      default:
        return assertNever(by);
    }
  })();
  if (by === 'position') return descending ? selected.reverse() : selected;
  const sign = descending ? -1 : 1;
  let largest = 0;
  for (const document of selected) largest = Math.max(largest, value(document));
  if (largest >= largestPacked) return selected.sort((a, b) => sign * (value(a) - value(b)) || a - b);
  // Value and document in one float64: typed arrays sort numbers natively, without calling back for each comparison.
  const keys = new Float64Array(selected.length);
  for (const [place, document] of selected.entries())
    keys[place] = sign * value(document) * documentRange + document;
  keys.sort();
  for (const [place, key] of keys.entries())
    selected[place] = ((key % documentRange) + documentRange) % documentRange;
  return selected;
}

/** A sort key holds the document in its lower part and the value above it; together they fit into 53 bits. */
const documentRange = 2 ** 31;
const largestPacked = 2 ** 21;
