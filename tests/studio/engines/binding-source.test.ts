import { mkdir, readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeBindingSource } from '../../../src/main/studio/engines/binding-source.ts';
import { makeEnginePlace, type EnginePlace } from './engine-place.ts';

const require = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));
const theirs = join(folderOf('@tensorflow/tfjs-node-gpu'), 'binding');
const headers = join(folderOf('node-api-headers'), 'include');

let place: EnginePlace;
beforeEach(async () => {
  place = await makeEnginePlace();
  await mkdir(place.path('sources'));
});
afterEach(() => place.remove());

test('the binding’s source is tfjs-node’s, which says where it was changed, with the headers of Node-API', async () => {
  await writeBindingSource(place.path('sources'));
  const files = await readdir(theirs);
  expect((await readdir(place.path('sources'))).toSorted()).toEqual(
    [...files, ...(await readdir(headers))].toSorted(),
  );
  for (const file of files) {
    const [before, after] = await Promise.all(
      [theirs, place.path('sources')].map((folder) => readFile(join(folder, file), 'utf8')),
    );
    if (file !== 'tfjs_backend.cc') expect(after, file).toBe(before);
    else {
      const kept = before!.split('\n');
      const added = after!.split('\n').filter((line) => !kept.includes(line));
      expect(added.join('\n')).toContain('Changed by Loam');
      expect(added.join('\n')).toContain('TFE_OpSetAttrStringList');
      // Nothing of theirs is gone.
      expect(after!.split('\n').length - kept.length).toBeGreaterThanOrEqual(added.length);
    }
  }
});

test('another source than the one that the change was written for is refused', async () => {
  await mkdir(place.path('theirs'));
  await place.write('theirs/tfjs_backend.cc', 'void AssignOpAttr() {}\n');
  await expect(
    writeBindingSource(place.path('sources'), { binding: place.path('theirs'), headers }),
  ).rejects.toThrow("tfjs_backend.cc of tfjs-node's binding is not the one");
});
