import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentQuerySchema, type DocumentQuery } from '../../../../src/shared/datasets/document.ts';
import { recipeStepSchema, type RecipeStep } from '../../../../src/shared/datasets/recipe.ts';
import { buildDocumentIndex } from '../../../../src/main/studio/datasets/documents/build-index.ts';
import { documentsContaining } from '../../../../src/main/studio/datasets/documents/containing.ts';
import { describeDocuments } from '../../../../src/main/studio/datasets/documents/document-statistics.ts';
import { rowOf, selectDocuments } from '../../../../src/main/studio/datasets/documents/document-views.ts';
import {
  openDocumentIndex,
  type DocumentIndex,
} from '../../../../src/main/studio/datasets/documents/open-index.ts';
import { applyRecipe } from '../../../../src/main/studio/datasets/documents/recipe-effects.ts';

const texts = [
  'The boiler in hall three was switched off.',
  'Der Kessel in Halle drei wurde abgeschaltet.',
  'The boiler in hall three was switched off.',
  '   ',
  'Die MÃ¼hle lÃ¤uft seit gestern wieder.',
  'The pump of hall two is loud, and the boiler is cold again.',
  'The boiler in hall three was switched off.',
];
const labels = ['b', 'a', 'b', '', 'a', 'c', 'b'];

let folder: string;
let index: DocumentIndex;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-index-'));
  const path = join(folder, 'rows.json');
  await writeFile(path, JSON.stringify(texts.map((body, row) => ({ row, body, kind: labels[row] }))));
  const file = join(folder, 'index.sqlite');
  await buildDocumentIndex({
    file,
    sources: [
      {
        path,
        name: 'rows.json',
        encoding: 'utf-8',
        reading: { format: 'json', columns: ['row', 'body', 'kind'] },
      },
    ],
    mapping: { row: 'ignored', body: 'text', kind: 'label' },
  });
  index = openDocumentIndex(file);
});
afterAll(async () => {
  index.close();
  await rm(folder, { recursive: true, force: true });
});

const steps = (...given: readonly unknown[]): RecipeStep[] =>
  given.map((step) => recipeStepSchema.parse(step));

async function kept(...given: readonly unknown[]): Promise<readonly number[]> {
  const { excludedBy, included } = await applyRecipe(index, steps(...given));
  const left = [...excludedBy.keys()].filter((document) => excludedBy[document] === -1);
  expect(left).toHaveLength(included);
  return left;
}

describe('A recipe', () => {
  test('without steps keeps every document', async () => {
    expect(await kept()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('leaves out copies of a document, of those that earlier steps kept', async () => {
    expect(await kept({ kind: 'excludeDuplicates' })).toEqual([0, 1, 3, 4, 5]);
    expect(
      await kept({ kind: 'excludeDocuments', keys: [index.key(0)] }, { kind: 'excludeDuplicates' }),
    ).toEqual([1, 2, 3, 4, 5]);
  });

  test.each<[unknown, readonly number[]]>([
    [{ kind: 'excludeEmpty' }, [0, 1, 2, 4, 5, 6]],
    [{ kind: 'excludeShorter', characters: 43 }, [1, 5]],
    [{ kind: 'excludeLonger', characters: 42 }, [0, 2, 3, 4, 6]],
    [{ kind: 'excludeContaining', text: 'BOILER' }, [1, 3, 4]],
    [{ kind: 'excludeContaining', text: 'BOILER', matchCase: true }, [0, 1, 2, 3, 4, 5, 6]],
    [{ kind: 'excludeLanguages', keep: ['en'], keepUnknown: false }, [0, 2, 5, 6]],
    [{ kind: 'excludeLanguages', keep: ['en'] }, [0, 2, 3, 5, 6]],
    [{ kind: 'excludeSuspicious' }, [0, 1, 2, 3, 5, 6]],
  ])('with %j keeps the right documents', async (step, expected) => {
    expect(await kept(step)).toEqual(expected);
  });

  test('takes back what an earlier step left out, and says of each step how many it left', async () => {
    const recipe = steps(
      { kind: 'excludeContaining', text: 'boiler' },
      { kind: 'includeDocuments', keys: [index.key(5), 'ffffffffffffffff'] },
    );
    const { steps: effects } = await applyRecipe(index, recipe);
    expect(effects).toMatchObject([
      { before: 7, after: 3, changed: 0, missing: 0 },
      { before: 3, after: 4, changed: 0, missing: 1 },
    ]);
  });

  test('measures a text that it changed anew, so that later steps see it', async () => {
    const edit = { kind: 'editDocument', key: index.key(1), text: texts[0] };
    expect(await kept(edit, { kind: 'excludeDuplicates' })).toEqual([0, 3, 4, 5]);
    expect(await kept(edit, { kind: 'excludeContaining', text: 'Kessel' })).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(await kept(edit, { kind: 'excludeLanguages', keep: ['de'], keepUnknown: false })).toEqual([4]);
  });

  test('can be tried on many documents by their keys', async () => {
    const keys = [0, 2, 3, 4, 5, 6].map((document) => index.key(document));
    expect(await kept({ kind: 'excludeDocuments', keys })).toEqual([1]);
  });
});

test('Documents of the same record are told apart by a number in their keys', () => {
  const keys = texts.map((_, document) => index.key(document));
  expect(new Set(keys).size).toBe(texts.length);
  for (const [document, key] of keys.entries()) expect(index.find(key)).toBe(document);
});

describe('A view', () => {
  const select = async (query: Partial<DocumentQuery>, ...recipe: readonly unknown[]) => {
    const effects = await applyRecipe(index, steps(...recipe));
    const found = await selectDocuments(
      { index, effects },
      documentQuerySchema.parse(query),
      documentsContaining,
    );
    return [...found];
  };

  test.each<[Partial<DocumentQuery>, readonly number[]]>([
    [{ search: 'HALL' }, [0, 1, 2, 5, 6]],
    [{ flags: ['duplicate', 'empty'] }, [2, 3, 6]],
    [{ languages: ['de'] }, [1, 4]],
    [{ labels: ['a', ''] }, [1, 3, 4]],
    [{ minimumCharacters: 43, maximumCharacters: 50 }, [1]],
    [{ sort: { by: 'characters', descending: true } }, [5, 1, 0, 2, 6, 4, 3]],
    [{ sort: { by: 'label', descending: false } }, [3, 1, 4, 0, 2, 6, 5]],
    [{ sort: { by: 'position', descending: true } }, [6, 5, 4, 3, 2, 1, 0]],
    [{ sources: ['other.txt'] }, []],
  ])('of %j holds the right documents in order', async (query, expected) => {
    expect(await select(query)).toEqual(expected);
  });

  test('knows what the recipe did', async () => {
    const recipe = [{ kind: 'excludeEmpty' }, { kind: 'editDocument', key: index.key(1), text: 'new words' }];
    expect(await select({ states: ['excluded'] }, ...recipe)).toEqual([3]);
    expect(await select({ excludedBy: 0 }, ...recipe)).toEqual([3]);
    expect(await select({ states: ['edited'] }, ...recipe)).toEqual([1]);
    expect(await select({ search: 'NEW' }, ...recipe)).toEqual([1]);
    expect(await select({ search: 'Kessel' }, ...recipe)).toEqual([]);
    const effects = await applyRecipe(index, steps(...recipe));
    expect(rowOf({ index, effects }, 1)).toMatchObject({
      state: 'edited',
      characters: 9,
      words: 2,
      place: 2,
    });
    expect(rowOf({ index, effects }, 3)).toMatchObject({
      state: 'excluded',
      excludedBy: 0,
      flags: ['empty'],
    });
  });
});

test('Statistics say what the documents are like before and after', async () => {
  const before = describeDocuments({ index, effects: await applyRecipe(index, []) });
  expect(before).toMatchObject({ documents: 7, duplicates: 2, empty: 1, suspicious: 1, edited: 0 });
  expect(before.languages).toEqual([
    { language: 'en', documents: 4 },
    { language: 'de', documents: 2 },
    { language: 'und', documents: 1 },
  ]);
  expect(before.labels).toEqual([
    { label: 'b', documents: 3 },
    { label: 'a', documents: 2 },
    { label: 'c', documents: 1 },
  ]);
  expect(before.histogram.reduce((sum, bar) => sum + bar.documents, 0)).toBe(7);
  const after = describeDocuments({
    index,
    effects: await applyRecipe(index, steps({ kind: 'excludeDuplicates' }, { kind: 'excludeEmpty' })),
  });
  expect(after).toMatchObject({ documents: 4, duplicates: 0, empty: 0 });
});
