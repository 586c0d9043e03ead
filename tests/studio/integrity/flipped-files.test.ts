import { readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importModel } from '../../../src/main/studio/checkpoints/import-model.ts';
import { importDataset, requireDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { encodeDataset } from '../../../src/main/studio/datasets/encoded-datasets.ts';
import { exportModel } from '../../../src/main/studio/exports/exports.ts';
import { listDatasetSources } from '../../../src/main/studio/store/datasets.ts';
import { findOrTrainTokenizer, openTokenizer } from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { openTextGenerator } from '../../../src/main/studio/writing/text-generator.ts';
import {
  dataConfigurationSchema,
  tokenizerConfigurationSchema,
} from '../../../src/shared/runs/configuration.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import { flipBit } from '../../faults/flip-bit.ts';
import { sampleText } from '../../hosts/cli/loam.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';
import { writeTinyModel } from '../writing/tiny-model.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

async function refusal(work: Promise<unknown>): Promise<LoamError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LoamError);
  return error as LoamError;
}

it('a model that was imported is neither written with nor exported once a bit of its weights has changed', async () => {
  const { project, folder } = place;
  await writeTinyModel(join(folder, 'tiny'));
  await importModel(project, { folder: join(folder, 'tiny') });
  const model = project.paths.model('tiny');
  const weights = join(model, 'model.safetensors');
  await flipBit(weights, 8 * (await stat(weights)).size - 100);
  const output = join(folder, 'exported');
  for (const use of [
    () => openTextGenerator({ folder: model }, { threads: 1 }),
    () => exportModel({ model, format: 'safetensors', output }),
    () => importModel(project, { folder: model, name: 'again' }),
  ])
    expect(await refusal(use())).toMatchObject({ kind: 'input', where: weights });
});

it('a source’s damaged copy is not turned into tokens, and the original file mends it', async () => {
  const { project, write } = place;
  const original = await write('records.txt', sampleText(60));
  await importDataset(project, { name: 'records', paths: [original] });
  const { id } = requireDataset(project, 'records');
  const { tokenizer } = await findOrTrainTokenizer(project, {
    dataset: 'records',
    configuration: tokenizerConfigurationSchema.parse({ kind: 'char' }),
  });
  const [row] = listDatasetSources(project.store, id);
  const source = project.paths.source(row?.hash ?? '');
  const { atime, mtime } = await stat(source);
  await flipBit(source, 80);
  // A failing disk does not change a file's time.
  await utimes(source, atime, mtime);
  const encode = async () =>
    encodeDataset(
      project,
      id,
      await openTokenizer(project, tokenizer.name),
      dataConfigurationSchema.parse({}),
    );
  const error = await refusal(encode());
  expect(error).toMatchObject({ kind: 'input', where: source });
  expect(error.message).toMatch(/copy of records\.txt is damaged.*Import the original file again/);

  await importDataset(project, { name: 'same', paths: [original] });
  expect(await readFile(source)).toEqual(await readFile(original));
  expect((await encode()).counts.train.tokens).toBeGreaterThan(0);
});

it('a tokenizer in whose settings a bit has changed is refused', async () => {
  const { project, write } = place;
  await importDataset(project, {
    name: 'records',
    paths: [await write('records.txt', sampleText(20))],
  });
  const { tokenizer } = await findOrTrainTokenizer(project, {
    dataset: 'records',
    configuration: tokenizerConfigurationSchema.parse({ kind: 'char' }),
  });
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    const folder = project.paths.tokenizer(tokenizer.name);
    const file = join(folder, name);
    await flipBit(file, 8 * 30 + 1);
    expect((await refusal(openTokenizer(project, tokenizer.name))).where).toContain(folder);
    await flipBit(file, 8 * 30 + 1);
  }
});
