import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportSchema } from '../../../src/shared/exports/export.ts';
import { usagesOf } from '../../../src/shared/exports/usage.ts';
import { findCheckpoint, type FoundCheckpoint } from '../../../src/main/studio/checkpoints/checkpoints.ts';
import { importModel } from '../../../src/main/studio/checkpoints/import-model.ts';
import {
  deleteExport,
  exportModel,
  listExports,
  placeExport,
  recordExport,
} from '../../../src/main/studio/exports/exports.ts';
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
