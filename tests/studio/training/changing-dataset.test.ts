import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeDataset } from '../../../src/main/studio/datasets/encoded-datasets.ts';
import { datasetDocuments } from '../../../src/main/studio/datasets/dataset-documents.ts';
import { readDatasetVersion, requireDataset } from '../../../src/main/studio/datasets/dataset-rows.ts';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { changeRecipe } from '../../../src/main/studio/datasets/recipes.ts';
import { estimateText } from '../../../src/main/studio/training/estimate-text.ts';
import { resolveConfiguration } from '../../../src/main/studio/training/resolve-configuration.ts';
import { requireRun } from '../../../src/main/studio/runs/runs.ts';
import { createRun } from '../../../src/main/studio/training/create-run.ts';
import { setDatasetCounts } from '../../../src/main/studio/store/datasets.ts';
import { openTokenizer } from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
  const line = 'The pump in hall three was serviced and runs without noise again. ';
  const files = await Promise.all(
    Array.from({ length: 40 }, (_, n) => place.write(`note-${n}.txt`, `${n} ${line.repeat(n < 4 ? 40 : 4)}`)),
  );
  await importDataset(place.project, { name: 'notes', paths: files });
});
afterEach(() => place.remove());

const configuration = resolveConfiguration([
  {
    origin: 'the test',
    values: {
      model: { contextLength: 16, hiddenSize: 16, layers: 1, heads: 2 },
      tokenizer: { kind: 'char' },
      data: { split: 'document' },
      training: { steps: 2 },
    },
  },
]);

const leaveOutLong = (): string =>
  changeRecipe(place.project, {
    name: 'notes',
    version: requireDataset(place.project, 'notes').hash,
    change: { kind: 'add', step: { kind: 'excludeLonger', characters: 1000 } },
  });

/** The documents' worker counts each version that it opens. */
async function countAsItsWorkerDoes(datasetId: number): Promise<void> {
  const version = readDatasetVersion(place.project, datasetId);
  const counts = { documents: 0, characters: 0, words: 0 };
  for await (const { text } of datasetDocuments(place.project, version)) {
    counts.documents += 1;
    counts.characters += text.length;
  }
  setDatasetCounts(place.project.store, datasetId, version.hash, counts);
}

test('a run whose dataset changes while it is prepared names the version that it trains on', async () => {
  const { project } = place;
  const before = requireDataset(project, 'notes').hash;
  const notices: string[] = [];
  let changed: string | undefined;
  await createRun(project, {
    name: 'first',
    baseName: 'first',
    dataset: 'notes',
    configuration,
    onProgress: (progress) => {
      if (progress.stage === 'trainingTokenizer') changed ??= leaveOutLong();
      if (progress.stage === 'notice') notices.push(progress.message);
    },
  });
  expect(changed).not.toBe(before);
  const { provenance, datasetId } = requireRun(project, 'first');
  expect(provenance.dataset.hash).toBe(changed);
  expect(notices.join()).toContain('was changed while the run was prepared');
  const tokenizer = await openTokenizer(project, provenance.tokenizer.name);
  const again = await encodeDataset(project, datasetId, tokenizer, configuration.data);
  expect(provenance.tokens).toBe(again.hash);
});

test('a recipe that a run trained on stays known although its dataset went another way', async () => {
  const { project } = place;
  const trained = leaveOutLong();
  await createRun(project, { name: 'first', baseName: 'first', dataset: 'notes', configuration });
  const undone = changeRecipe(project, { name: 'notes', version: trained, change: { kind: 'undo' } });
  changeRecipe(project, {
    name: 'notes',
    version: undone,
    change: { kind: 'add', step: { kind: 'excludeDuplicates' } },
  });
  expect(JSON.parse(readFileSync(join(project.paths.run('first'), 'recipe.json'), 'utf8'))).toEqual({
    dataset: 'notes',
    version: trained,
    recipe: [{ kind: 'excludeLonger', characters: 1000 }],
  });
});

test('tokens are estimated for the text that a recipe leaves, from how an earlier version was encoded', async () => {
  const { project } = place;
  await createRun(project, { name: 'first', baseName: 'first', dataset: 'notes', configuration });
  const { tokenizerName, datasetId } = requireRun(project, 'first');
  const whole = await estimateText(project, 'notes', tokenizerName, configuration);
  expect(whole.counted).toBe(true);
  leaveOutLong();
  await countAsItsWorkerDoes(datasetId);
  const estimated = await estimateText(project, 'notes', tokenizerName, configuration);
  const encoded = await encodeDataset(
    project,
    datasetId,
    await openTokenizer(project, tokenizerName),
    configuration.data,
  );
  const { train, validation } = encoded.counts;
  expect(estimated.counted).toBe(false);
  const ratio = (estimated.trainTokens + estimated.validationTokens) / (train.tokens + validation.tokens);
  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.1);
});
