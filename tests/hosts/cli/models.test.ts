import { copyFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type Place } from './loam.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures/gguf');
let place: Place;
beforeAll(async () => {
  place = await makePlace(100);
  await place.call('init', place.project);
});
afterAll(() => place.remove());

const call = (...words: string[]) => place.call(...words, '--project', place.project);

test('a GGUF file becomes a model of the project, which writes, and stays as it was', async () => {
  const file = join(place.folder, 'tiny.gguf');
  await copyFile(join(fixtures, 'llama.gguf'), file);
  const imported = await call('model', 'import', 'tiny', file);
  expect(imported.stderr).toBe('');
  expect(imported.stdout).toContain('Model tiny is in the project: llama, ');
  expect((await readdir(join(place.project, 'models', 'tiny'))).toSorted()).toEqual(
    expect.arrayContaining(['chat_template.jinja', 'config.json', 'model.gguf', 'tokenizer.json']),
  );
  const written = await call('generate', 'tiny', '--prompt', 'low', '--max-tokens', '4', '--json');
  expect(written.stderr).toBe('');
  expect(written.code).toBe(0);
  expect((await call('model', 'list')).stdout).toMatch(/models\/tiny\s+llama/);
  expect((await call('verify')).stdout).toContain('Everything that has a hash is what was written.');
});

test('a run begins with a model of a GGUF file', async () => {
  await call('model', 'import', 'start', join(fixtures, 'qwen2.gguf'));
  await call('dataset', 'import', 'text', place.text);
  const words = ['--steps', '2', '--set', 'training.batchSize=2', '--set', 'engine.threads=1'];
  const trained = await call('train', '--from', 'start', '--dataset', 'text', '--name', 'tuned', ...words);
  expect(trained.stdout + trained.stderr).toContain('Run tuned is done after 2 steps');
});

test.each([
  {
    what: 'cut off',
    message: /ends at byte .* and the file has/,
    break: (file: string) => truncate(file, 60_000),
  },
  {
    what: 'of something else',
    message: /no GGUF file that can be read/,
    break: (file: string) => writeFile(file, 'x'),
  },
])(
  'a GGUF file $what is refused with the place, and nothing is left of it',
  async ({ what, message, break: damage }) => {
    const file = join(place.folder, `${what.replaceAll(' ', '-')}.gguf`);
    await copyFile(join(fixtures, 'llama.gguf'), file);
    await damage(file);
    const { code, stderr } = await call('model', 'import', 'broken', file);
    expect(code).not.toBe(0);
    expect(stderr).toContain(file);
    expect(stderr).toMatch(message);
    expect(await readdir(join(place.project, 'models'))).not.toContain('broken');
  },
);

test('a file of another kind is refused with what would be a model', async () => {
  const { code, stderr } = await call('model', 'import', 'broken', place.text);
  expect(code).not.toBe(0);
  expect(stderr).toContain(
    `${place.text}: A file of this kind is no whole model. Name a GGUF file, or the folder`,
  );
});
