import { unknownLanguage } from '../../../../shared/datasets/document.ts';
import {
  showStep,
  type Recipe,
  type RecipeStep,
  type RecipeStepEffect,
  type ReplacedThing,
  type ReplacementExample,
} from '../../../../shared/datasets/recipe.ts';
import { assertNever } from '../../../../shared/errors.ts';
import { createChangedTexts, type ChangedTexts } from './changed-texts.ts';
import { changedContaining, documentsContaining } from './containing.ts';
import { createHashTable } from './hash-table.ts';
import { documentBits } from './index-columns.ts';
import { loadLanguageDetector } from './measures.ts';
import type { DocumentIndex } from './open-index.ts';
import { isRewriting, rewriteOf, type ReplacedPlace, type RewritingStep } from './rewrite.ts';

/** What a recipe makes of the documents of an index. */
export interface RecipeEffects {
  /** The step that left a document out, from 0; −1 for those that are kept. */
  readonly excludedBy: Int16Array;
  readonly edits: ChangedTexts;
  readonly steps: readonly RecipeStepEffect[];
  /** The first documents in which each step that replaces text found something, with one place of each kind. */
  readonly replacements: ReadonlyMap<number, readonly ReplacementExample[]>;
  /** Documents that are kept. */
  readonly included: number;
}

/** How many documents a step changed the text of, how many that it names are not there, and what it replaced. */
type StepOutcome = Pick<RecipeStepEffect, 'changed' | 'missing' | 'places'>;

/** Finds the documents that hold a text; a recipe's steps and searches share what was found. */
export type FindContaining = (
  index: DocumentIndex,
  sought: string,
  matchCase: boolean,
  signal?: AbortSignal,
) => Promise<Uint8Array>;

/**
 * Applies a recipe to the documents of an index: the one place that says what each step means. Steps act in order, each on
 * the documents and texts that those before it left.
 */
export async function applyRecipe(
  index: DocumentIndex,
  recipe: Recipe,
  {
    signal,
    findContaining = documentsContaining,
  }: { readonly signal?: AbortSignal; readonly findContaining?: FindContaining } = {},
): Promise<RecipeEffects> {
  const { columns, description } = index;
  const { documents } = description;
  const excludedBy = new Int16Array(documents).fill(-1);
  const replacements = new Map<number, readonly ReplacementExample[]>();
  const edits = createChangedTexts(
    index,
    recipe.some((step) => step.kind === 'editDocument' || isRewriting(step))
      ? await loadLanguageDetector()
      : undefined,
  );
  const keep = (language: string, step: RecipeStep & { kind: 'excludeLanguages' }): boolean =>
    language === unknownLanguage ? step.keepUnknown : step.keep.includes(language);

  let included = documents;
  let position = 0;
  /** Leaves out each document still kept of which `test` is true. */
  const excludeWhere = (test: (document: number) => boolean): void => {
    for (let document = 0; document < documents; document++) {
      if (excludedBy[document] !== -1 || !test(document)) continue;
      excludedBy[document] = position;
      included -= 1;
    }
  };

  const facts = {
    characters: (document: number) => columns.characters[document] ?? 0,
    bits: (document: number) => columns.bits[document] ?? 0,
    language: (document: number) => description.languages[columns.language[document] ?? 0] ?? unknownLanguage,
  };

  const apply = async (step: RecipeStep): Promise<StepOutcome> => {
    const none = { changed: 0, missing: 0 };
    switch (step.kind) {
      case 'mapColumns':
        return none;
      case 'excludeDocuments': {
        const named = findAll(index, step.keys);
        excludeWhere((document) => named.has(document));
        return { changed: 0, missing: step.keys.length - named.size };
      }
      case 'includeDocuments': {
        const named = findAll(index, step.keys);
        for (const document of named)
          if (excludedBy[document] !== -1) {
            excludedBy[document] = -1;
            included += 1;
          }
        return { changed: 0, missing: step.keys.length - named.size };
      }
      case 'excludeDuplicates': {
        const seen = createHashTable(included);
        excludeWhere((document) => {
          const edited = edits.get(document)?.measures;
          if (edited === undefined ? facts.bits(document) & documentBits.empty : edited.empty) return false;
          const [high, low] = edited?.hash ?? [
            columns.textHash[2 * document] ?? 0,
            columns.textHash[2 * document + 1] ?? 0,
          ];
          return seen.getOrAdd(high, low, document) !== undefined;
        });
        return none;
      }
      case 'excludeEmpty':
        excludeWhere(
          (document) =>
            edits.get(document)?.measures.empty ?? (facts.bits(document) & documentBits.empty) !== 0,
        );
        return none;
      case 'excludeShorter':
        excludeWhere(
          (document) =>
            (edits.get(document)?.measures.characters ?? facts.characters(document)) < step.characters,
        );
        return none;
      case 'excludeLonger':
        excludeWhere(
          (document) =>
            (edits.get(document)?.measures.characters ?? facts.characters(document)) > step.characters,
        );
        return none;
      case 'excludeContaining': {
        const found = await findContaining(index, step.text, step.matchCase, signal);
        const all = await changedContaining(edits, found, step.text, step.matchCase, signal);
        excludeWhere((document) => all[document] === 1);
        return none;
      }
      case 'excludeLanguages':
        excludeWhere(
          (document) => !keep(edits.get(document)?.measures.language ?? facts.language(document), step),
        );
        return none;
      case 'excludeSuspicious':
        excludeWhere(
          (document) =>
            edits.get(document)?.measures.suspicious ??
            (facts.bits(document) & documentBits.suspicious) !== 0,
        );
        return none;
      case 'editDocument': {
        const document = index.find(step.key);
        if (document === undefined) return { changed: 0, missing: 1 };
        edits.write(document, step.text);
        return { changed: 1, missing: 0 };
      }
      case 'replaceText':
      case 'maskPersonalData':
        return rewriteAll(step);
      default:
        return assertNever(step);
    }
  };

  /**
   * Rewrites the documents that are left out too: one that is taken back in later must not hold what was to be masked.
   * Counted are those that are kept.
   */
  const rewriteAll = async (step: RewritingStep): Promise<StepOutcome> => {
    const places = new Map<ReplacedThing, number>();
    const examples: ReplacementExample[] = [];
    let changed = 0;
    let latest = '';
    await edits.rewrite(
      rewriteOf(step),
      {
        onPlace: (document, place) => {
          if (excludedBy[document] !== -1) return;
          places.set(place.what, (places.get(place.what) ?? 0) + 1);
          if (examples.length >= mostReplacementExamples || latest === `${place.what} ${document}`) return;
          latest = `${place.what} ${document}`;
          examples.push(exampleOf(index, document, place));
        },
        onChanged: (document) => {
          if (excludedBy[document] === -1) changed += 1;
        },
      },
      signal,
    );
    replacements.set(position, examples);
    return {
      changed,
      missing: 0,
      places: [...places].map(([what, count]) => ({ what, places: count })),
    };
  };

  const steps: RecipeStepEffect[] = [];
  for (const step of recipe) {
    signal?.throwIfAborted();
    const before = included;
    const effect = await apply(step);
    steps.push({ step: showStep(step), before, after: included, ...effect });
    position += 1;
  }
  return { excludedBy, edits, steps, included, replacements };
}

/** UTF-16 units around a place that an example shows, and of the place itself. */
const shownAround = 40;
const shownPlace = 80;
const mostReplacementExamples = 20;

function exampleOf(
  index: DocumentIndex,
  document: number,
  { text, start, end, by }: ReplacedPlace,
): ReplacementExample {
  const shown = (from: number, to: number): string => text.slice(Math.max(0, from), to).toWellFormed();
  return {
    key: index.key(document),
    source: index.description.sources[index.columns.source[document] ?? 0] ?? '',
    place: index.columns.place[document] ?? 1,
    before: shown(start - shownAround, start),
    found: shown(start, Math.min(end, start + shownPlace)),
    by: by.slice(0, shownPlace).toWellFormed(),
    after: shown(end, end + shownAround),
  };
}

/** The documents of some keys, found in one pass over the index. */
function findAll(index: DocumentIndex, keys: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  if (keys.length <= 4) {
    for (const key of keys) {
      const document = index.find(key);
      if (document !== undefined) found.add(document);
    }
    return found;
  }
  const wanted = new Set(keys);
  const { recordHash } = index.columns;
  const beginnings = new Set(keys.map((key) => Number.parseInt(key.slice(0, 8), 16)));
  for (let document = 0; document < index.description.documents; document++)
    if (beginnings.has(recordHash[2 * document] ?? 0) && wanted.has(index.key(document))) found.add(document);
  return found;
}
