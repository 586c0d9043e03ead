import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportSchema } from '../../../src/shared/exports/export.ts';
import { usagesOf } from '../../../src/shared/exports/usage.ts';
import {
  findCheckpoint,
  type FoundCheckpoint,
} from '../../../src/main/studio/checkpoints/find-checkpoint.ts';
import { importModel } from '../../../src/main/studio/checkpoints/import-model.ts';
import {
  deleteExport,
  exportModel,
  listExports,
  placeExport,
  recordExport,
} from '../../../src/main/studio/exports/exports.ts';
import { requireWholePath } from '../../../src/main/studio/typed-paths.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';
import { writeTinyModel } from '../writing/tiny-model.ts';

let place: ProjectPlace;
let checkpoint: FoundCheckpoint;
beforeEach(async () => {
  place = await openProjectPlace();
  await writeTinyModel(join(place.folder, 'tiny'));
  await importModel(place.project, { folder: join(place.folder, 'tiny') });
  checkpoint = await findCheckpoint(place.project, 'models/tiny');
});
afterEach(() => place.remove());

it('an export goes into the project’s exports, is compared, listed and deleted with its folder', async () => {
  const { folder, occupied } = await placeExport(place.project, checkpoint, 'onnx');
  expect(folder).toBe(join(place.project.paths.exports, 'tiny-onnx'));
  expect(occupied).toBe('free');
  const made = await exportModel({ model: checkpoint.folder, format: 'onnx', output: folder });
  recordExport(place.project, checkpoint, made);
  const [listed] = listExports(place.project);
  expect(exportSchema.parse(listed)).toMatchObject({ checkpoint: 'models/tiny', present: true, folder });
  expect(listed?.comparison?.maximumDifference).toBeLessThan(1e-3);
  expect(listed?.files).toContain('onnx/model.onnx');
  expect((await placeExport(place.project, checkpoint, 'onnx')).occupied).toBe('export');
  const { freedBytes } = await deleteExport(place.project, listed?.id ?? 0);
  expect(freedBytes).toBeGreaterThan(1000);
  expect(existsSync(folder)).toBe(false);
  expect(listExports(place.project)).toEqual([]);
});

it('an export outside of the project is taken off the list and stays', async () => {
  const folder = join(place.folder, 'elsewhere');
  const made = await exportModel({ model: checkpoint.folder, format: 'safetensors', output: folder });
  recordExport(place.project, checkpoint, made);
  const [listed] = listExports(place.project);
  expect(listed).toMatchObject({ format: 'safetensors', folder });
  expect(listed?.comparison).toBeUndefined();
  expect((await deleteExport(place.project, listed?.id ?? 0)).freedBytes).toBe(0);
  expect(existsSync(join(folder, 'config.json'))).toBe(true);
});

it('an export that was made again is listed once; one whose folder is gone says so', async () => {
  const { folder } = await placeExport(place.project, checkpoint, 'safetensors');
  for (const replace of [false, true]) {
    const made = await exportModel({
      model: checkpoint.folder,
      format: 'safetensors',
      output: folder,
      replace,
    });
    recordExport(place.project, checkpoint, made);
  }
  expect(listExports(place.project).length).toBe(1);
  await rm(folder, { recursive: true });
  expect(listExports(place.project)[0]?.present).toBe(false);
});

it('a folder that holds something else is no place for an export', async () => {
  const folder = join(place.folder, 'mine');
  await mkdir(folder);
  await writeFile(join(folder, 'letter.txt'), 'dear');
  expect((await placeExport(place.project, checkpoint, 'onnx', folder)).occupied).toBe('taken');
  await expect(
    exportModel({ model: checkpoint.folder, format: 'onnx', output: folder, replace: true }),
  ).rejects.toThrow('not empty');
});

it('an export that is stopped leaves nothing behind', async () => {
  const { folder } = await placeExport(place.project, checkpoint, 'onnx');
  const stop = new AbortController();
  await expect(
    exportModel({
      model: checkpoint.folder,
      format: 'onnx',
      output: folder,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    }),
  ).rejects.toThrow('stopped');
  expect(existsSync(folder)).toBe(false);
});

it('the lines that use an export name its folder, with its quotes and backslashes escaped', () => {
  for (const { code } of [...usagesOf('onnx', '/a/b "c"'), ...usagesOf('safetensors', '/a/b "c"')])
    expect(code).toContain(String.raw`b \"c\"`);
  expect(usagesOf('safetensors', String.raw`C:\models\m`)[0]?.code).toContain(String.raw`"C:\\models\\m"`);
});

it('only an export is replaced: a folder with anything else is refused and keeps it', async () => {
  const folder = join(place.folder, 'elsewhere');
  const again = { model: checkpoint.folder, format: 'safetensors', output: folder, replace: true } as const;
  await exportModel(again);
  await exportModel(again);
  await writeFile(join(folder, 'thesis.txt'), 'years of work');
  await expect(exportModel(again)).rejects.toThrow('would be lost');
  expect(existsSync(join(folder, 'thesis.txt'))).toBe(true);
  await rm(join(folder, 'thesis.txt'));
  await mkdir(join(folder, 'onnx'));
  await writeFile(join(folder, 'onnx', 'notes.txt'), 'mine');
  await expect(exportModel(again)).rejects.toThrow('would be lost');
});

it('an export whose weights were trained further is the person’s: of the same size or not, it is not replaced or deleted', async () => {
  const { folder } = await placeExport(place.project, checkpoint, 'safetensors');
  const again = { model: checkpoint.folder, format: 'safetensors', output: folder, replace: true } as const;
  recordExport(place.project, checkpoint, await exportModel(again));
  const weights = join(folder, 'model.safetensors');
  const trained = await readFile(weights);
  trained[trained.length - 1]! ^= 1;
  await writeFile(weights, trained);
  await expect(exportModel(again)).rejects.toThrow('model.safetensors was changed');
  const [listed] = listExports(place.project);
  expect(await deleteExport(place.project, listed?.id ?? 0)).toEqual({ freedBytes: 0, folderStays: true });
  expect(await readFile(weights)).toEqual(trained);
  await writeFile(weights, 'of another size');
  expect((await placeExport(place.project, checkpoint, 'safetensors')).occupied).toBe('taken');
});

it('a model that Loam did not write is no export, whatever its files are called', async () => {
  const folder = join(place.folder, 'a-model-of-mine');
  await writeTinyModel(folder);
  expect((await placeExport(place.project, checkpoint, 'safetensors', folder)).occupied).toBe('taken');
  for (const format of ['safetensors', 'onnx'] as const)
    await expect(
      exportModel({ model: checkpoint.folder, format, output: folder, replace: true }),
    ).rejects.toThrow('no mark of an export');
});

it('an export never goes onto the model that it is made of, by whatever path', async () => {
  const source = join(place.folder, 'exported');
  await exportModel({ model: checkpoint.folder, format: 'safetensors', output: source });
  await symlink(source, join(place.folder, 'short'), 'junction');
  const before = await readFile(join(source, 'model.safetensors'));
  for (const [model, output] of [
    [source, source],
    [join(place.folder, 'short'), source],
    [source, join(place.folder, 'short')],
    [source, join(source, '..', 'exported')],
  ] as const)
    await expect(exportModel({ model, format: 'onnx', output, replace: true })).rejects.toThrow(
      'the folder of the model that is to be exported',
    );
  expect(await readFile(join(source, 'model.safetensors'))).toEqual(before);
});

it('a typed path is a whole one of this system, or a sentence says what is wrong with it', async () => {
  const wrong = [
    ['linux', String.raw`C:\models\mine`, 'path of Windows'],
    ['linux', 'D:/models', 'path of Windows'],
    ['darwin', String.raw`\\server\models`, 'path of Windows'],
    ['win32', '/home/me/models', 'path of Linux'],
    ['linux', 'models/mine', 'from where it begins'],
    ['linux', '~/models', 'from where it begins'],
    ['win32', String.raw`models\mine`, 'from where it begins'],
    ['win32', 'C:mine', 'from where it begins'],
  ] as const;
  for (const [platform, path, sentence] of wrong)
    expect(() => requireWholePath(path, platform)).toThrow(sentence);
  const right = [
    ['linux', '/home/me/models'],
    ['win32', String.raw`C:\models`],
    ['win32', 'C:/models'],
    ['win32', String.raw`\\server\share\models`],
  ] as const;
  for (const [platform, path] of right) expect(() => requireWholePath(path, platform)).not.toThrow();
  await expect(placeExport(place.project, checkpoint, 'onnx', 'elsewhere')).rejects.toThrow('whole path');
});

it('a model does not go into the folders that the project lives in', async () => {
  for (const part of ['models/tiny', 'runs/first/checkpoints/step-00000010', 'tokenizers/words'])
    await expect(
      exportModel({
        model: checkpoint.folder,
        format: 'safetensors',
        output: join(place.project.folder, part),
        replace: true,
      }),
    ).rejects.toThrow('The project itself lives in');
});

it('an export that is stopped leaves nothing behind', async () => {
  const folder = join(place.folder, 'stopped');
  await expect(
    exportModel({
      model: checkpoint.folder,
      format: 'safetensors',
      output: folder,
      signal: AbortSignal.abort(),
    }),
  ).rejects.toThrow();
  expect(existsSync(folder)).toBe(false);
});
