import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCuratedDatasets } from '../../../src/main/studio/datasets/documents/curated-dataset.ts';
import { openDocumentIndex } from '../../../src/main/studio/datasets/documents/open-index.ts';
import { datasetDocuments } from '../../../src/main/studio/datasets/dataset-documents.ts';
import {
  contentsOf,
  findDatasetVersion,
  readDatasetVersion,
} from '../../../src/main/studio/datasets/dataset-rows.ts';
import { ensureDocumentIndex } from '../../../src/main/studio/datasets/document-indexes.ts';
import { deleteDataset, importDataset, requireDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { encodeDataset, tokensHash } from '../../../src/main/studio/datasets/encoded-datasets.ts';
import { changeRecipe, historyOf } from '../../../src/main/studio/datasets/recipes.ts';
import { openProject } from '../../../src/main/studio/projects/projects.ts';
import { openTokenizer, trainProjectTokenizer } from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { mostSteps, recipeStepSchema, type RecipeChange } from '../../../src/shared/datasets/recipe.ts';
import {
  dataConfigurationSchema,
  tokenizerConfigurationSchema,
} from '../../../src/shared/runs/configuration.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

const row = (name = 'texts') => requireDataset(place.project, name);
const change = (made: RecipeChange, version = row().hash): string =>
  changeRecipe(place.project, { name: 'texts', version, change: made });
const add = (step: unknown): string => change({ kind: 'add', step: recipeStepSchema.parse(step) });

async function textsOf(name = 'texts'): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { text } of datasetDocuments(
    place.project,
    readDatasetVersion(place.project, row(name).id),
  ))
    texts.push(text);
  return texts;
}

async function keysOf(name = 'texts'): Promise<readonly string[]> {
  const index = openDocumentIndex(
    await ensureDocumentIndex(place.project, contentsOf(place.project, row(name))),
  );
  try {
    return Array.from({ length: index.description.documents }, (_, document) => index.key(document));
  } finally {
    index.close();
  }
}

async function importTexts(...texts: readonly string[]): Promise<void> {
  await importDataset(place.project, {
    name: 'texts',
    paths: [await place.write('texts.txt', texts.join('\f'))],
  });
}

describe('A recipe', () => {
  test('says what is learnt from, and leaves the sources as they are', async () => {
    await importTexts('one', 'two', 'one', 'three');
    const [, two] = await keysOf();
    add({ kind: 'excludeDuplicates' });
    add({ kind: 'editDocument', key: two, text: 'zwei' });
    expect(await textsOf()).toEqual(['one', 'zwei', 'three']);
    const { sources } = contentsOf(place.project, row());
    expect(sources).toMatchObject([{ name: 'texts.txt', bytes: 'one\ftwo\fone\fthree'.length }]);
  });

  test('is undone and redone a step at a time, and each version has the hash that it had', async () => {
    await importTexts('one', 'two', 'one');
    const versions = [
      row().hash,
      add({ kind: 'excludeDuplicates' }),
      add({ kind: 'excludeShorter', characters: 9 }),
    ];
    expect(new Set(versions).size).toBe(3);
    expect(await textsOf()).toEqual([]);
    expect(change({ kind: 'undo' })).toBe(versions[1]);
    expect(await textsOf()).toEqual(['one', 'two']);
    expect(change({ kind: 'undo' })).toBe(versions[0]);
    expect(historyOf(place.project, row())).toEqual({ canUndo: false, canRedo: true });
    expect(await textsOf()).toEqual(['one', 'two', 'one']);
    expect(() => change({ kind: 'undo' })).toThrow(/nothing to undo/);
    expect(change({ kind: 'redo' })).toBe(versions[1]);
    expect(change({ kind: 'redo' })).toBe(versions[2]);
    expect(() => change({ kind: 'redo' })).toThrow(/nothing to redo/);
  });

  test('forgets what was undone when something else is done, and can lose a step from its middle', async () => {
    await importTexts('one', 'two', 'one');
    add({ kind: 'excludeDuplicates' });
    const shorter = add({ kind: 'excludeContaining', text: 'two' });
    expect(await textsOf()).toEqual(['one']);
    change({ kind: 'remove', position: 0 });
    expect(await textsOf()).toEqual(['one', 'one']);
    expect(change({ kind: 'undo' })).toBe(shorter);
    add({ kind: 'excludeEmpty' });
    expect(historyOf(place.project, row())).toEqual({ canUndo: true, canRedo: false });
    expect(() => change({ kind: 'remove', position: 7 })).toThrow(/no such step/);
  });

  test('has its steps changed in place, and that is undone like anything else', async () => {
    await importTexts('one', 'three', 'eleven', 'one');
    add({ kind: 'excludeShorter', characters: 4 });
    const before = add({ kind: 'excludeContaining', text: 'three' });
    expect(await textsOf()).toEqual(['eleven']);
    const changeStep = (position: number, step: unknown): string =>
      change({ kind: 'change', position, step: recipeStepSchema.parse(step) });
    changeStep(0, { kind: 'excludeShorter', characters: 2 });
    expect(await textsOf()).toEqual(['one', 'eleven', 'one']);
    expect(contentsOf(place.project, row()).recipe).toHaveLength(2);
    expect(change({ kind: 'undo' })).toBe(before);
    expect(await textsOf()).toEqual(['eleven']);
    expect(() => changeStep(2, { kind: 'excludeEmpty' })).toThrow(/no such step/);
  });

  test('replaces and masks what is learnt from, again and again the same, and the sources stay', async () => {
    await importTexts('Ask anna@mail.example', 'Ask nobody', 'Call +49 30 1234567');
    const plain = row().hash;
    const masked = add({ kind: 'maskPersonalData', what: ['email', 'phone'] });
    add({ kind: 'replaceText', text: '^Ask\\b', by: 'Tell', expression: true });
    const expected = ['Tell [EMAIL]', 'Tell nobody', 'Call [PHONE]'];
    expect(await textsOf()).toEqual(expected);
    expect(await textsOf()).toEqual(expected);
    expect(change({ kind: 'undo' })).toBe(masked);
    expect(await textsOf()).toEqual(['Ask [EMAIL]', 'Ask nobody', 'Call [PHONE]']);
    expect(change({ kind: 'undo' })).toBe(plain);
    expect(await textsOf()).toEqual(['Ask anna@mail.example', 'Ask nobody', 'Call +49 30 1234567']);
  });

  test('shows what a step would do in the place of another', async () => {
    await importTexts('one', 'three', 'eleven');
    add({ kind: 'excludeShorter', characters: 5 });
    add({ kind: 'excludeContaining', text: 'three' });
    const curated = createCuratedDatasets(place.project);
    const tried = await curated.tryStep('texts', { kind: 'excludeShorter', characters: 6 }, 0);
    expect(tried.effect).toMatchObject({ before: 3, after: 1 });
    expect(tried.examples.map(({ preview }) => preview)).toEqual(['one', 'three']);
    const replaced = await curated.tryStep(
      'texts',
      { kind: 'replaceText', text: 'e', by: 'E', matchCase: true, expression: false },
      1,
    );
    expect(replaced.effect.places).toEqual([{ what: 'text', places: 5 }]);
    expect(replaced.replacements).toMatchObject([
      { before: 'thr', found: 'e', by: 'E', after: 'e' },
      { before: '', found: 'e', by: 'E', after: 'leven' },
    ]);
  });

  test('is refused a change that was made on a version which another window has changed, in another process too', async () => {
    await importTexts('one', 'two');
    const shown = row().hash;
    const other = openProject(place.project.folder);
    try {
      changeRecipe(other, {
        name: 'texts',
        version: shown,
        change: { kind: 'add', step: { kind: 'excludeEmpty' } },
      });
    } finally {
      other.close();
    }
    expect(() => change({ kind: 'add', step: { kind: 'excludeDuplicates' } }, shown)).toThrow(
      /changed in another window.*Nothing was changed/,
    );
    expect(contentsOf(place.project, row()).recipe).toEqual([{ kind: 'excludeEmpty' }]);
  });

  test('acts on files that are added, and is repeated on other files', async () => {
    await importTexts('one', 'two', 'one');
    const [one] = await keysOf();
    add({ kind: 'excludeDocuments', keys: [one] });
    add({ kind: 'excludeDuplicates' });
    const { project, write } = place;
    await importDataset(project, {
      name: 'texts',
      paths: [await write('more.txt', 'two\fthree')],
      append: true,
    });
    expect(await textsOf()).toEqual(['two', 'one', 'three']);
    await importDataset(project, {
      name: 'next',
      paths: [await write('next.txt', 'one\ffour\ffour')],
      recipeOf: 'texts',
    });
    expect(await textsOf('next')).toEqual(['four']);
    expect(historyOf(project, row('next'))).toMatchObject({ canUndo: true });
  });

  test('gives the same documents again when the index was deleted, and keys of documents outlive other names', async () => {
    await importTexts('one', 'two', 'one');
    add({ kind: 'excludeDuplicates' });
    const keys = await keysOf();
    const before = await textsOf();
    await rm(join(place.project.folder, 'documents'), { recursive: true });
    expect(await textsOf()).toEqual(before);
    expect(await keysOf()).toEqual(keys);
    const { project, write } = place;
    await importDataset(project, { name: 'renamed', paths: [await write('other.txt', 'one\ftwo\fone')] });
    expect(await keysOf('renamed')).toEqual(keys);
  });

  test('with another mapping of columns makes other texts, and edits by key still find their documents', async () => {
    const { project, write } = place;
    const paths = [await write('t.csv', 'subject,body,kind\na,first,x\nb,second,y\n')];
    await importDataset(project, { name: 'texts', paths });
    const [, second] = await keysOf();
    add({ kind: 'excludeDocuments', keys: [second] });
    expect(await textsOf()).toEqual(['first']);
    add({ kind: 'mapColumns', columns: { subject: 'text', body: 'text' } });
    expect(await textsOf()).toEqual(['a\n\nfirst']);
    expect(() => change({ kind: 'add', step: { kind: 'mapColumns', columns: { kind: 'label' } } })).toThrow(
      /every document would be empty/,
    );
  });
});

describe('The history of a recipe', () => {
  const edit = (key: string, n: number) => ({ kind: 'editDocument', key, text: `${n} `.repeat(2500) });

  test('takes the room of its steps, not that of all its states together', async () => {
    await importTexts('one', 'two');
    const [one = ''] = await keysOf();
    const edits = 60;
    for (let n = 0; n < edits; n++) add(edit(one, n));
    const stored = (): number =>
      place.project.store.all(place.project.store.query.selectFrom('recipeSteps').select('id')).length;
    expect(stored()).toBe(edits);
    for (let n = 0; n < 10; n++) change({ kind: 'undo' });
    add({ kind: 'excludeEmpty' });
    expect(contentsOf(place.project, row()).recipe).toHaveLength(edits - 9);
    // What was undone is gone from the disk too.
    expect(stored()).toBe(edits - 9);
  });

  test('ends at the most steps with words for a person, and is copied whole to another dataset', async () => {
    const { project } = place;
    await importTexts('one', 'two');
    const [one = ''] = await keysOf();
    const steps = [
      recipeStepSchema.parse(edit(one, 1)),
      ...Array.from({ length: mostSteps - 1 }, () => ({ kind: 'excludeEmpty' }) as const),
    ];
    change({ kind: 'replace', steps });
    expect(() => add({ kind: 'excludeDuplicates' })).toThrow(/2,001 steps.*Take out steps/);
    const { steps: shown } = await createCuratedDatasets(project).recipe('texts');
    expect(shown[0]?.step).toMatchObject({ characters: 5000, text: '1 '.repeat(100) });
    await importDataset(project, { name: 'other', paths: [await place.write('other.txt', 'one')] });
    changeRecipe(project, {
      name: 'other',
      version: row('other').hash,
      change: { kind: 'copy', from: 'texts' },
    });
    expect(contentsOf(project, row('other')).recipe).toEqual(steps);
    await deleteDataset(project, 'texts');
    await deleteDataset(project, 'other');
    expect(project.store.all(project.store.query.selectFrom('recipeSteps').select('id'))).toEqual([]);
  });

  test('loses no version that was encoded: it can be encoded again although the dataset went another way', async () => {
    const { project } = place;
    await importTexts('one one', 'two two', 'one one', 'three');
    await trainProjectTokenizer(project, {
      name: 'letters',
      dataset: 'texts',
      configuration: tokenizerConfigurationSchema.parse({ kind: 'char' }),
    });
    const data = dataConfigurationSchema.parse({});
    const tokenizer = await openTokenizer(project, 'letters');
    const trained = add({ kind: 'excludeDuplicates' });
    const first = await encodeDataset(project, row().id, tokenizer, data);
    change({ kind: 'undo' });
    add({ kind: 'excludeEmpty' });
    const version = findDatasetVersion(project, row().id, trained);
    expect(version?.recipe).toEqual([{ kind: 'excludeDuplicates' }]);
    await rm(first.folder, { recursive: true });
    const again = await encodeDataset(
      project,
      row().id,
      tokenizer,
      data,
      version === undefined ? {} : { version },
    );
    expect([again.hash, again.counts]).toEqual([first.hash, first.counts]);
  });
});

describe('Tokens', () => {
  test('of texts without a recipe are named as ever; a recipe gives them another name and other content', async () => {
    const { project } = place;
    await importTexts('one one one', 'two two two', 'one one one', 'three three');
    await trainProjectTokenizer(project, {
      name: 'letters',
      dataset: 'texts',
      configuration: tokenizerConfigurationSchema.parse({ kind: 'char' }),
    });
    const data = dataConfigurationSchema.parse({});
    const tokenizer = await openTokenizer(project, 'letters');
    const before = await tokensHash(project, row().id, tokenizer, data);
    const all = await encodeDataset(project, row().id, tokenizer, data);
    add({ kind: 'excludeDuplicates' });
    expect(await tokensHash(project, row().id, tokenizer, data)).not.toBe(before);
    const fewer = await encodeDataset(project, row().id, tokenizer, data);
    const total = ({ counts }: typeof all): number => counts.train.tokens + counts.validation.tokens;
    expect(total(fewer)).toBeLessThan(total(all));
    change({ kind: 'undo' });
    expect(await tokensHash(project, row().id, tokenizer, data)).toBe(before);
  });

  test('of the same bytes in another encoding are others, and so are the texts', async () => {
    const { project, write } = place;
    // "Привет, мир" in windows-1251, which is "оПХБЕР, ЛХП" in KOI8-R.
    const paths = [await write('texts.txt', Buffer.from('cff0e8e2e5f22c20ece8f0', 'hex'))];
    const read = async (encoding: 'koi8-r' | 'windows-1251'): Promise<string> => {
      await importDataset(project, { name: 'texts', paths, choices: { encoding }, replace: true });
      expect(await textsOf()).toEqual([
        new TextDecoder(encoding).decode(Buffer.from('cff0e8e2e5f22c20ece8f0', 'hex')),
      ]);
      expect(readDatasetVersion(project, row().id).hash).toBe(row().hash);
      return tokensHash(project, row().id, { hash: 'a', endOfText: 0 }, dataConfigurationSchema.parse({}));
    };
    const guessed = await read('koi8-r');
    const earlier = row().id;
    expect(await read('windows-1251')).not.toBe(guessed);
    // What was imported before stays as it was read.
    expect(readDatasetVersion(project, earlier).sources[0]?.encoding).toBe('koi8-r');
  });

  test('read from the index are those read from the files: a step that does nothing changes nothing', async () => {
    const long = 'A long document with many words, '.repeat(20_000);
    await importTexts('one\r\ntwo', long, '  ', 'three');
    const direct = await textsOf();
    add({ kind: 'excludeLonger', characters: 10_000_000 });
    expect((await textsOf()).join('|')).toBe(direct.join('|'));
    expect(direct.length).toBeGreaterThan(4);
  });
});
