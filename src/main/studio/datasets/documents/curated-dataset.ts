import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { composeText, roleOf, type Fields } from '../../../../shared/datasets/columns.ts';
import {
  longestShownText,
  type DocumentDetails,
  type DocumentQuery,
  type DocumentRow,
  type DocumentWindow,
} from '../../../../shared/datasets/document.ts';
import {
  showStep,
  type Recipe,
  type RecipeStep,
  type RecipeStepEffect,
  type ReplacementExample,
} from '../../../../shared/datasets/recipe.ts';
import type { DatasetStatistics } from '../../../../shared/datasets/statistics.ts';
import { LoamError } from '../../../../shared/errors.ts';
import type { Project } from '../../projects/projects.ts';
import { setDatasetCounts, type DatasetRow } from '../../store/datasets.ts';
import { contentsOf, requireDataset, type DatasetContents } from '../dataset-rows.ts';
import { documentIndexFile, ensureDocumentIndex } from '../document-indexes.ts';
import { loneTextColumn } from './build-index.ts';
import { documentsContaining } from './containing.ts';
import { describeDocuments } from './document-statistics.ts';
import { isDuplicate, rowOf, selectDocuments, type CuratedDocuments } from './document-views.ts';
import { documentBits } from './index-columns.ts';
import { suspicionOf } from './measures.ts';
import { openDocumentIndex, type DocumentIndex } from './open-index.ts';
import { applyRecipe, type FindContaining, type RecipeEffects } from './recipe-effects.ts';
import { createSharedWork } from './shared-work.ts';

/** Answers questions about the documents of a project's datasets; what it worked out it keeps for the next. */
export interface CuratedDatasets {
  window(
    dataset: string,
    query: DocumentQuery,
    range: { readonly offset: number; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<DocumentWindow>;
  document(dataset: string, key: string, signal?: AbortSignal): Promise<DocumentDetails>;
  statistics(dataset: string, signal?: AbortSignal): Promise<DatasetStatistics>;
  recipe(
    dataset: string,
    signal?: AbortSignal,
  ): Promise<{ readonly version: string; readonly steps: readonly RecipeStepEffect[] }>;
  tryStep(
    dataset: string,
    step: RecipeStep,
    /** Of the step in whose place it is tried; at the end without. */
    position: number | undefined,
    signal?: AbortSignal,
  ): Promise<TriedStep>;
  /** The documents as the recipe leaves them, with the version that they are of; they stay open for as long as `use` takes. */
  use<Outcome>(
    dataset: string,
    use: (documents: OpenDataset) => Promise<Outcome>,
    signal?: AbortSignal,
  ): Promise<Outcome>;
}

/** What a step would do, with some of the documents and places that it concerns. */
export interface TriedStep {
  readonly effect: RecipeStepEffect;
  readonly examples: readonly DocumentRow[];
  readonly replacements: readonly ReplacementExample[];
}

export interface OpenDataset extends CuratedDocuments {
  readonly row: DatasetRow;
  readonly contents: DatasetContents;
  /** Names what the documents are worked out from. */
  readonly name: string;
}

/** A version of a dataset as it was looked up in the store: every window of a table asks for it. */
interface KnownVersion {
  readonly contents: DatasetContents;
  /** Where its index lies. */
  readonly file: string;
  readonly recipeName: string;
}

const versionsKept = 50;
const indexesKept = 3;
const recipesKept = 8;
/** An array of a million numbers takes 4 MB. */
const viewsKept = 12;
const searchesKept = 12;
const examplesShown = 20;

export function createCuratedDatasets(project: Project): CuratedDatasets {
  const indexes = createSharedWork<DocumentIndex>(indexesKept, (index) => index.close());
  const effects = createSharedWork<RecipeEffects>(recipesKept);
  const views = createSharedWork<Int32Array>(viewsKept);
  const searches = createSharedWork<Uint8Array>(searchesKept);
  const statistics = createSharedWork<DatasetStatistics>(recipesKept);
  const versions = createSharedWork<KnownVersion>(versionsKept);
  const names = new WeakMap<DocumentIndex, string>();
  let opened = 0;

  const findContaining: FindContaining = (index, sought, matchCase, signal) =>
    searches.get(
      JSON.stringify([names.get(index), sought, matchCase]),
      (stop) => documentsContaining(index, sought, matchCase, stop),
      signal,
    );

  const useIndex = <Outcome>(
    { contents, file }: KnownVersion,
    use: (index: DocumentIndex) => Promise<Outcome>,
    signal?: AbortSignal,
  ): Promise<Outcome> =>
    indexes.use(
      file,
      async (stop) => {
        // It is made beforehand, by a job; another process may have removed it meanwhile.
        if (!existsSync(file)) await ensureDocumentIndex(project, contents, { signal: stop });
        const index = openDocumentIndex(file);
        // What was worked out may read on in the index that it came from: it is not for one that was opened again.
        names.set(index, `${file} ${(opened += 1)}`);
        return index;
      },
      use,
      signal,
    );

  const applied = async (
    index: DocumentIndex,
    recipe: Recipe,
    recipeName: string,
    signal?: AbortSignal,
  ): Promise<{ readonly name: string; readonly effects: RecipeEffects }> => {
    const name = `${names.get(index)}:${recipeName}`;
    return {
      name,
      effects: await effects.get(
        name,
        (stop) => applyRecipe(index, recipe, { signal: stop, findContaining }),
        signal,
      ),
    };
  };

  const useDataset: CuratedDatasets['use'] = async (dataset, use, signal) => {
    const row = requireDataset(project, dataset);
    const version = await versions.get(`${row.id}:${row.hash}`, async () => {
      const contents = contentsOf(project, row);
      return {
        contents,
        file: documentIndexFile(project, contents),
        recipeName: createHash('sha256').update(JSON.stringify(contents.recipe)).digest('hex'),
      };
    });
    const { contents } = version;
    return useIndex(
      version,
      async (index) => {
        const made = await applied(index, contents.recipe, version.recipeName, signal);
        const documents = { row, contents, index, ...made };
        if (row.documents === null) setDatasetCounts(project.store, row.id, row.hash, countKept(documents));
        return use(documents);
      },
      signal,
    );
  };

  return {
    use: useDataset,
    window: (dataset, query, { offset, limit }, signal) =>
      useDataset(
        dataset,
        async (documents) => {
          const view = await views.get(
            `${documents.name}:${JSON.stringify(query)}`,
            (stop) => selectDocuments(documents, query, findContaining, stop),
            signal,
          );
          return {
            version: documents.row.hash,
            total: view.length,
            documents: documents.index.description.documents,
            rows: [...view.subarray(offset, offset + limit)].map((document) =>
              rowOf(documents, document, query.search),
            ),
          };
        },
        signal,
      ),
    document: (dataset, key, signal) =>
      useDataset(
        dataset,
        async (documents) => {
          const document = documents.index.find(key);
          if (document === undefined) throw unknownDocument(dataset, key);
          return { ...detailsOf(documents, document), version: documents.row.hash };
        },
        signal,
      ),
    statistics: (dataset, signal) =>
      useDataset(
        dataset,
        (documents) =>
          statistics.get(
            documents.row.hash,
            async (stop) => {
              const untouched = await applied(documents.index, [], '', stop);
              return {
                version: documents.row.hash,
                before: describeDocuments({ index: documents.index, effects: untouched.effects }),
                after: describeDocuments(documents),
                encodings: countEncodings(documents.contents),
              };
            },
            signal,
          ),
        signal,
      ),
    recipe: (dataset, signal) =>
      useDataset(
        dataset,
        async ({ row, effects: made }) => ({ version: row.hash, steps: made.steps }),
        signal,
      ),
    tryStep: (dataset, step, position, signal) =>
      useDataset(dataset, (documents) => tryStep(documents, step, position, signal), signal),
  };

  async function tryStep(
    documents: OpenDataset,
    step: RecipeStep,
    position: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<TriedStep> {
    const { recipe } = documents.contents;
    if (step.kind === 'mapColumns') return tryMapping(documents, step);
    const at = Math.min(position ?? recipe.length, recipe.length);
    const before = recipe.slice(0, at);
    const untried = await applied(documents.index, before, JSON.stringify(before), signal);
    const steps = [...before, step];
    const tried = await applied(documents.index, steps, JSON.stringify(steps), signal);
    const effect = tried.effects.steps.at(-1);
    if (effect === undefined) throw new Error('A recipe with a step has no step.');
    const concerned: number[] = [];
    for (let document = 0; document < documents.index.description.documents; document++) {
      if (concerned.length >= examplesShown) break;
      if (tried.effects.excludedBy[document] !== untried.effects.excludedBy[document])
        concerned.push(document);
    }
    const after = { index: documents.index, effects: tried.effects };
    return {
      effect,
      examples: concerned.map((document) => rowOf(after, document)),
      replacements: tried.effects.replacements.get(at) ?? [],
    };
  }
}

/** Documents, characters and words that the recipe keeps. */
function countKept({ index, effects }: CuratedDocuments): {
  readonly documents: number;
  readonly characters: number;
  readonly words: number;
} {
  let characters = 0;
  let words = 0;
  for (let document = 0; document < index.description.documents; document++) {
    if (effects.excludedBy[document] !== -1) continue;
    const edited = effects.edits.get(document)?.measures;
    characters += edited?.characters ?? index.columns.characters[document] ?? 0;
    words += edited?.words ?? index.columns.words[document] ?? 0;
  }
  return { documents: effects.included, characters, words };
}

function countEncodings({ sources }: DatasetContents): { encoding: string; files: number }[] {
  const counts = new Map<string, number>();
  for (const { encoding } of sources) counts.set(encoding, (counts.get(encoding) ?? 0) + 1);
  return [...counts].map(([encoding, files]) => ({ encoding, files })).sort((a, b) => b.files - a.files);
}

function unknownDocument(dataset: string, key: string): LoamError {
  return new LoamError({
    kind: 'input',
    where: `document ${key}`,
    what: `Dataset ${dataset} has no such document (any more).`,
    remedy: 'Choose another in the table.',
  });
}

/** The values of a document's record, with the one that is kept as its text. */
function fieldsOf(index: DocumentIndex, document: number, text: string): Fields {
  const fields = index.fields(document);
  const alone = loneTextColumn(index.description.mapping);
  return alone === undefined || fields.has(alone) ? fields : new Map([[alone, text], ...fields]);
}

function detailsOf(documents: CuratedDocuments, document: number): Omit<DocumentDetails, 'version'> {
  const { index, effects } = documents;
  const original = index.text(document, longestShownText + 1);
  const edited = effects.edits.get(document);
  const withoutEdit = effects.edits.withoutHand(document, longestShownText);
  const text = edited?.text(longestShownText + 1) ?? original;
  const { mapping } = index.description;
  const hasFields = ((index.columns.bits[document] ?? 0) & documentBits.fields) !== 0;
  const fields = hasFields
    ? fieldsOf(index, document, original.slice(0, longestShownText))
    : new Map<string, string>();
  const order = [...Object.keys(mapping), ...fields.keys()];
  const names = [...new Set(order)].filter((name) => fields.has(name));
  const suspicion = suspicionOf(text);
  const copied = isDuplicate(documents, document) ? index.columns.duplicateOf[document] : undefined;
  return {
    ...rowOf(documents, document),
    text: text.slice(0, longestShownText),
    shortened: text.length > longestShownText,
    ...(edited === undefined ? {} : { originalText: original.slice(0, longestShownText) }),
    ...(withoutEdit === undefined ? {} : { textWithoutEdit: withoutEdit }),
    fields: names.map((name) => ({
      name,
      value: (fields.get(name) ?? '').slice(0, longestShownText),
      role: roleOf(mapping, name),
    })),
    ...(copied === undefined ? {} : { duplicateOf: index.key(copied) }),
    ...(suspicion === undefined ? {} : { suspicion }),
  };
}

/** What the first documents would become under other roles; the index itself is made when the step is added. */
function tryMapping(
  documents: CuratedDocuments,
  step: RecipeStep & { readonly kind: 'mapColumns' },
): TriedStep {
  const { index, effects } = documents;
  const examples: DocumentRow[] = [];
  for (let document = 0; document < index.description.documents; document++) {
    if (examples.length >= examplesShown) break;
    if (((index.columns.bits[document] ?? 0) & documentBits.fields) === 0) continue;
    const text = composeText(fieldsOf(index, document, index.text(document, longestShownText)), step.columns);
    const row = rowOf(documents, document);
    examples.push({
      ...row,
      preview: text.replaceAll(/\s+/g, ' ').trim().slice(0, 240).toWellFormed(),
      characters: text.length,
      words: text.split(/\s+/).filter((word) => word !== '').length,
    });
  }
  return {
    effect: {
      step: showStep(step),
      before: effects.included,
      after: effects.included,
      changed: 0,
      missing: 0,
    },
    examples,
    replacements: [],
  };
}
