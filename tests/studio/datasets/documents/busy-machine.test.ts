import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as TimeLimits from '../../../../src/main/llm/tokenizers/time-limit.ts';
import { buildDocumentIndex } from '../../../../src/main/studio/datasets/documents/build-index.ts';
import {
  openDocumentIndex,
  type DocumentIndex,
} from '../../../../src/main/studio/datasets/documents/open-index.ts';
import { applyRecipe } from '../../../../src/main/studio/datasets/documents/recipe-effects.ts';
import { recipeSchema } from '../../../../src/shared/datasets/recipe.ts';

/** Of what is done under a limit of time, how much comes to no end because others have the processor. */
const machine = vi.hoisted(() => ({ limits: 0, runsOut: (_limit: number): boolean => false }));

vi.mock('../../../../src/main/llm/tokenizers/time-limit.ts', async (original) => {
  const real = await original<typeof TimeLimits>();
  return {
    ...real,
    withinTime: (work: () => void, milliseconds: number): void => {
      machine.limits += 1;
      if (machine.runsOut(machine.limits)) throw new real.TimeLimitError('The time is over.');
      real.withinTime(work, milliseconds);
    },
  };
});

let folder: string;
let index: DocumentIndex;
const documents = 2500;

beforeEach(async () => {
  machine.limits = 0;
  folder = await mkdtemp(join(tmpdir(), 'loam-busy-'));
  const path = join(folder, 'rows.json');
  await writeFile(
    path,
    JSON.stringify(Array.from({ length: documents }, (_, row) => `Ask a${row}@mail.example.`)),
  );
  const file = `${path}.sqlite`;
  const source = { path, name: 'rows.json', encoding: 'utf-8', reading: { format: 'json' } } as const;
  await buildDocumentIndex({ file, sources: [source], mapping: {} });
  index = openDocumentIndex(file);
});
afterEach(async () => {
  index.close();
  await rm(folder, { recursive: true, force: true });
});

const changedBy = async (step: unknown): Promise<number> =>
  (await applyRecipe(index, recipeSchema.parse([step]))).steps[0]?.changed ?? 0;
const expression = { kind: 'replaceText', text: 'a\\d+@', by: 'a@', expression: true };

test.each([
  [{ kind: 'replaceText', text: 'Ask', by: 'Tell' }],
  [{ kind: 'maskPersonalData', what: ['email'], names: ['Anna'] }],
])('What no expression of a person decides is rewritten without a limit of time: %j', async (step) => {
  machine.runsOut = () => true;
  expect(await changedBy(step)).toBe(documents);
});

test('Many short documents are matched under few limits, and none is let go by', async () => {
  machine.runsOut = () => false;
  expect(await changedBy(expression)).toBe(documents);
  expect(machine.limits).toBeLessThan(documents / 100);
});

test('An expression is not blamed for a machine that has no time for it', async () => {
  machine.runsOut = (limit) => limit % 2 === 1;
  expect(await changedBy(expression)).toBe(documents);
});
