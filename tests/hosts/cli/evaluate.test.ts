import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSafetensors, writeSafetensors } from '../../../src/main/llm/checkpoints/safetensors.ts';
import { makePlace, sampleText, tinyModel, type Place } from './loam.ts';

let place: Place;
const inProject = (...words: string[]) => place.call(...words, '--project', place.project);
const checkpoint = () => join(place.project, 'runs', 'known', 'checkpoints', 'step-00000020');

/** What `loam evaluate` says of a measurement, to a program and to a person. */
const measure = async (model: string, dataset: string, ...more: string[]) => {
  const { stdout, stderr } = await inProject('evaluate', model, '--dataset', dataset, '--json', ...more);
  expect(stderr).toBe('');
  const said = await inProject('evaluate', model, '--dataset', dataset, ...more);
  return { ...(JSON.parse(stdout) as { split: string; familiarity: string }), words: said.stdout };
};

beforeAll(async () => {
  place = await makePlace(400);
  await inProject('init', place.project);
  await inProject('dataset', 'import', 'records', place.text);
  // Another share than usual is kept aside, so that the settings of the run must be found again.
  const aside = ['--set', 'data.validationFraction=0.2'];
  const trained = await inProject(
    'train',
    '--dataset',
    'records',
    ...tinyModel,
    '--steps',
    '20',
    '--name',
    'known',
    ...aside,
  );
  expect(trained.code, trained.stderr).toBe(0);
  await writeFile(join(place.folder, 'added.txt'), sampleText(300));
  await inProject('dataset', 'import', 'other', join(place.folder, 'added.txt'));
});
afterAll(() => place.remove());

test('of the dataset that a model was trained on, the validation part is measured, whether a run or its folder is named', async () => {
  const byRun = await measure('known@20', 'records');
  expect(byRun).toMatchObject({ split: 'validation', familiarity: 'keptAside' });
  expect(byRun.words).toContain('Measured on the validation part');
  const byFolder = await measure(checkpoint(), 'records');
  const { loss, tokens } = byRun as unknown as { loss: number; tokens: number };
  expect(byFolder).toMatchObject({ split: 'validation', familiarity: 'keptAside', loss, tokens });
  const trainedOn = await measure('known', 'records', '--split', 'train');
  expect(trainedOn).toMatchObject({ familiarity: 'trainedOn' });
  expect(trainedOn.words).toContain('text that the model was trained on');
});

test('a dataset of other files is new to a model, and nothing is known of a model without a record', async () => {
  expect(await measure('known', 'other')).toMatchObject({ split: 'all', familiarity: 'new' });
  const bare = join(place.folder, 'bare');
  await cp(checkpoint(), bare, { recursive: true });
  await rm(join(bare, 'loam'), { recursive: true });
  const unknown = await measure(bare, 'records');
  expect(unknown).toMatchObject({ split: 'all', familiarity: 'unknown' });
  expect(unknown.words).toContain('it may know this text');
});

test('what reading a foreign model undoes is said when it is measured and when it is exported', async () => {
  const foreign = join(place.folder, 'wrapped');
  await cp(checkpoint(), foreign, { recursive: true });
  await rm(join(foreign, 'loam'), { recursive: true });
  expect((await readdir(foreign)).filter((name) => name.endsWith('.safetensors'))).toEqual([
    'model.safetensors',
  ]);
  const opened = await openSafetensors(join(checkpoint(), 'model.safetensors'));
  await writeSafetensors(
    join(foreign, 'model.safetensors'),
    [...opened.tensors].map(([name, { dtype, shape }]) => ({
      name: `_orig_mod.${name}`,
      dtype,
      shape,
      data: () => opened.readBytes(name),
    })),
  );
  await opened.close();
  const exporting = (format: string) => [
    'export',
    foreign,
    '--format',
    format,
    '--out',
    join(place.folder, format),
  ];
  for (const words of [
    ['evaluate', foreign, '--dataset', 'other'],
    exporting('safetensors'),
    exporting('onnx'),
  ]) {
    const { code, stdout, stderr } = await inProject(...words);
    expect(code, stderr).toBe(0);
    expect(stdout.match(/names that a wrapper of the model left/g)).toHaveLength(1);
  }
});

test('a dataset that got another file since is said to be known in part', async () => {
  await inProject('dataset', 'import', 'records', place.text, join(place.folder, 'added.txt'), '--replace');
  for (const model of ['known', checkpoint()]) {
    const measured = await measure(model, 'records');
    expect(measured).toMatchObject({ split: 'all', familiarity: 'partlyTrainedOn' });
    expect(measured.words).toContain('partly trained on');
  }
  expect(await measure('known', 'records', '--split', 'validation')).toMatchObject({
    familiarity: 'partlyTrainedOn',
  });
});
