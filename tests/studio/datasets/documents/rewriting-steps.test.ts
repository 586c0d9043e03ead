import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDocumentIndex } from '../../../../src/main/studio/datasets/documents/build-index.ts';
import { documentsContaining } from '../../../../src/main/studio/datasets/documents/containing.ts';
import { rowOf, selectDocuments } from '../../../../src/main/studio/datasets/documents/document-views.ts';
import {
  openDocumentIndex,
  type DocumentIndex,
} from '../../../../src/main/studio/datasets/documents/open-index.ts';
import { applyRecipe } from '../../../../src/main/studio/datasets/documents/recipe-effects.ts';
import { withinTime } from '../../../../src/main/studio/datasets/documents/time-limit.ts';
import { documentQuerySchema } from '../../../../src/shared/datasets/document.ts';
import { recipeSchema } from '../../../../src/shared/datasets/recipe.ts';

const texts = [
  'The boiler is cold. Ask anna@mail.example.',
  'The pump is loud. Ask anna@mail.example or bert@mail.example.',
  'The pump is loud. Ask clara@mail.example or bert@mail.example.',
  'Nobody is to be asked.',
];

let folder: string;
let index: DocumentIndex;
let long: DocumentIndex;
/** Some two pieces of lines, and one that comes once. */
const longText = `${'A line of the report.\n'.repeat(20_000)}signed by anna@mail.example\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-rewriting-'));
  const open = async (name: string, content: string, format: 'json' | 'text') => {
    const path = join(folder, name);
    await writeFile(path, content);
    await buildDocumentIndex({
      file: `${path}.sqlite`,
      sources: [{ path, name, encoding: 'utf-8', reading: { format } }],
      mapping: {},
    });
    return openDocumentIndex(`${path}.sqlite`);
  };
  index = await open('rows.json', JSON.stringify(texts), 'json');
  long = await open('long.txt', longText, 'text');
});
afterAll(async () => {
  index.close();
  long.close();
  await rm(folder, { recursive: true, force: true });
});

const apply = (...steps: readonly unknown[]) => applyRecipe(index, recipeSchema.parse(steps));
const mask = { kind: 'maskPersonalData', what: ['email'] };

describe('A step that rewrites', () => {
  test('says what it changed, in how many places, with examples', async () => {
    const { steps, replacements, edits } = await apply({ kind: 'excludeContaining', text: 'boiler' }, mask);
    expect(steps[1]).toMatchObject({
      before: 3,
      after: 3,
      changed: 2,
      places: [{ what: 'email', places: 4 }],
    });
    expect(replacements.get(1)).toMatchObject([
      { before: 'The pump is loud. Ask ', found: 'anna@mail.example', by: '[EMAIL]', place: 2 },
      { found: 'clara@mail.example', place: 3 },
    ]);
    expect(edits.get(1)?.text()).toBe('The pump is loud. Ask [EMAIL] or [EMAIL].');
    expect(edits.has(3)).toBe(false);
  });

  test('also rewrites documents that are left out, so that none comes back unmasked', async () => {
    const { edits } = await apply({ kind: 'excludeContaining', text: 'boiler' }, mask, {
      kind: 'includeDocuments',
      keys: [index.key(0)],
    });
    expect(edits.get(0)?.text()).toBe('The boiler is cold. Ask [EMAIL].');
  });

  test('is seen by the steps after it and by searches', async () => {
    const effects = await apply(mask, { kind: 'excludeDuplicates' });
    expect(effects.excludedBy[2]).toBe(1);
    const select = async (search: string) => [
      ...(await selectDocuments(
        { index, effects },
        documentQuerySchema.parse({ search }),
        documentsContaining,
      )),
    ];
    expect(await select('anna')).toEqual([]);
    expect(await select('[email]')).toEqual([0, 1, 2]);
    expect(rowOf({ index, effects }, 1)).toMatchObject({
      state: 'edited',
      preview: 'The pump is loud. Ask [EMAIL] or [EMAIL].',
      characters: 41,
      words: 8,
    });
    const { excludedBy } = await apply(mask, { kind: 'excludeContaining', text: '[EMAIL]' });
    expect([...excludedBy]).toEqual([1, 1, 1, -1]);
  });

  test('and edits by hand act in order', async () => {
    const edit = { kind: 'editDocument', key: index.key(0), text: 'Ask dora@mail.example.' };
    const before = await apply(edit, mask);
    expect(before.edits.get(0)?.text()).toBe('Ask [EMAIL].');
    expect(before.edits.withoutHand(0)).toBe('The boiler is cold. Ask [EMAIL].');
    const after = await apply(mask, edit);
    expect(after.edits.get(0)?.text()).toBe('Ask dora@mail.example.');
    expect(after.edits.withoutHand(1)).toBeUndefined();
  });

  test('can take all of a text away', async () => {
    const { edits, steps } = await apply(
      { kind: 'replaceText', text: '^.+$', by: '', expression: true },
      { kind: 'excludeEmpty' },
    );
    expect(edits.get(0)?.measures).toMatchObject({ characters: 0, words: 0, empty: true });
    expect(steps[1]).toMatchObject({ before: 4, after: 0 });
  });

  test('rewrites a text that comes in pieces as if it were whole', async () => {
    const { edits, steps } = await applyRecipe(
      long,
      recipeSchema.parse([
        { kind: 'replaceText', text: 'line of the', by: 'row of a' },
        { kind: 'replaceText', text: 'row of a report', by: 'row' },
        mask,
      ]),
    );
    expect(steps.map(({ places }) => places?.[0]?.places)).toEqual([20_000, 20_000, 1]);
    const expected = longText.replaceAll('line of the report', 'row').replace('anna@mail.example', '[EMAIL]');
    const pieces = [...(edits.get(0)?.pieces() ?? [])];
    expect(pieces.join('')).toBe(expected);
    expect(edits.get(0)?.measures.characters).toBe(expected.length);
    expect(edits.get(0)?.text(10)).toBe(expected.slice(0, 10));
  });
});

describe('A text of one long line', () => {
  const contents = 'w '.repeat(2 ** 17);
  test.each([
    ['030 1234567', 'words', '[PHONE]'],
    ['4111 1111 1111 1111', 'words', '[CARD]'],
    ['Anna Maria Meier', 'words', '[NAME]'],
    ['anna.meier@mail.example', 'no blanks', '[EMAIL]'],
  ])('has %j masked wherever its pieces are parted (%s)', async (sought, around, expected) => {
    // Pieces are of 2^18 signs: what is sought lies at their ends, and at the ends of what is looked at in one go.
    const filling = around === 'words' ? contents : '，'.repeat(contents.length);
    const space = around === 'words' ? ' ' : '，';
    for (const behind of [3, sought.length + 1, 256, 256 + sought.length - 5]) {
      const text = `${filling.slice(0, filling.length - behind)}${space}${sought}${space}${filling}`;
      const path = join(folder, `line-${expected}-${behind}.txt`);
      await writeFile(path, text);
      const file = `${path}.sqlite`;
      const source = { path, name: 'line.txt', encoding: 'utf-8', reading: { format: 'text' } } as const;
      await buildDocumentIndex({ file, sources: [source], mapping: {} });
      const line = openDocumentIndex(file);
      try {
        const step = {
          kind: 'maskPersonalData',
          what: ['email', 'card', 'phone'],
          names: ['Anna Maria Meier'],
        };
        const { edits } = await applyRecipe(line, recipeSchema.parse([step]));
        expect(edits.get(0)?.text() === text.replace(sought, expected), `${behind}`).toBe(true);
      } finally {
        line.close();
      }
    }
  });
});

test('A search shows the words around the first place that it found, after the recipe', async () => {
  const none = await applyRecipe(long, []);
  const shown = rowOf({ index: long, effects: none }, 0, 'SIGNED by').preview;
  expect(shown).toMatch(/^….{0,18}signed by anna@mail\.example$/);
  const masked = await applyRecipe(long, recipeSchema.parse([mask]));
  expect(rowOf({ index: long, effects: masked }, 0, '[email]').preview).toMatch(/signed by \[EMAIL\]$/);
  expect(rowOf({ index: long, effects: none }, 0, 'not there').preview).toMatch(/^A line of the report\./);
});

test('An expression that takes too long is stopped, with a way out', () => {
  const work = (): void => void /(a+)+$/u.exec(`${'a'.repeat(60)}b`);
  expect(() => withinTime(work, 100)).toThrow(/The expression takes too long.*repeats/s);
  let done = false;
  withinTime(() => {
    done = true;
  });
  expect(done).toBe(true);
});

test.each(['(', 'a*', '[z-a]', '(?<=', '\\'])('The expression %j is refused with the reason', (text) => {
  const refused = recipeSchema.safeParse([{ kind: 'replaceText', text, by: '', expression: true }]);
  expect(refused.error?.issues[0]?.message).toMatch(/^The (regular )?expression .{10,}\.$/);
});
