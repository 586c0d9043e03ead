import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importDataset, requireDataset } from '../../../../src/main/studio/datasets/datasets.ts';
import { createCuratedDatasets } from '../../../../src/main/studio/datasets/documents/curated-dataset.ts';
import { changeRecipe } from '../../../../src/main/studio/datasets/recipes.ts';
import { documentQuerySchema } from '../../../../src/shared/datasets/document.ts';
import { recipeStepSchema } from '../../../../src/shared/datasets/recipe.ts';
import { openProjectPlace, type ProjectPlace } from '../../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

describe('More datasets than are kept open', () => {
  const names = ['one', 'two', 'three', 'four', 'five', 'six'];
  beforeEach(async () => {
    for (const name of names) {
      // Several turns of reading: others come between.
      const texts = Array.from(
        { length: 2500 },
        (_, number) => `${name} ${number} is at ${number}@mail.example`,
      );
      await importDataset(place.project, {
        name,
        paths: [await place.write(`${name}.txt`, texts.join('\f'))],
      });
      changeRecipe(place.project, {
        name,
        version: requireDataset(place.project, name).hash,
        change: {
          kind: 'add',
          step: recipeStepSchema.parse({
            kind: 'replaceText',
            text: ' is at ',
            by: ' was at ',
            matchCase: true,
            expression: false,
          }),
        },
      });
    }
  });

  const query = (search: string) => documentQuerySchema.parse({ search });

  test('are all read at once, again and again', async () => {
    const curated = createCuratedDatasets(place.project);
    for (const round of [1, 2, 3]) {
      const windows = await Promise.all(
        names.map((name) => curated.window(name, query(`was at ${round}`), { offset: 0, limit: 3 })),
      );
      expect(windows.map(({ rows }) => rows[0]?.preview)).toEqual(
        names.map((name) => `${name} ${round} was at ${round}@mail.example`),
      );
      expect(new Set(windows.map(({ total }) => total)).size).toBe(1);
      const steps = await Promise.all(
        names.map((name) => curated.tryStep(name, { kind: 'excludeShorter', characters: 30 }, undefined)),
      );
      expect(steps[0]?.effect.before).toBe(2500);
    }
  });

  test('are opened while another is read, which then reads on', async () => {
    const curated = createCuratedDatasets(place.project);
    const read = (name: string, search: string) =>
      curated.window(name, query(search), { offset: 0, limit: 1 });
    for (const round of [1, 2]) {
      for (const name of names) await read(name, `${round}1`);
      const [long, ...others] = names.map((name) => () => read(name, `${round}7`));
      const reading = Promise.all([long?.(), long?.()]);
      for (const other of others) {
        await new Promise((resolve) => setImmediate(resolve));
        await other();
      }
      expect((await reading)[0]?.total).toBeGreaterThan(20);
    }
  });

  test('are left while they are read, and read again', async () => {
    const curated = createCuratedDatasets(place.project);
    const stop = new AbortController();
    const left = names.map((name) =>
      curated.window(name, query('was'), { offset: 0, limit: 1 }, stop.signal).catch(() => 'left'),
    );
    const stays = names.map((name) => curated.window(name, query('was'), { offset: 0, limit: 1 }));
    stop.abort();
    expect(new Set(await Promise.all(left))).toEqual(new Set(['left']));
    for (const { total } of await Promise.all(stays)) expect(total).toBe(2500);
  });
});
