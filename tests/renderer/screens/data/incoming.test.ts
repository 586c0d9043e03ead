import { expect, test } from 'vitest';
import { incomingOfChoice } from '../../../../src/renderer/screens/data/incoming.ts';

/** A file as a browser gives it: those of a folder have their path in it. */
function given(path: string): File {
  const file = new File(['text'], path.split('/').at(-1) ?? path);
  Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return file;
}

const choose = (...paths: readonly string[]) => incomingOfChoice(paths.map(given) as unknown as FileList);

test('files of a folder keep their paths; those that nobody reads are named, hidden ones are not', () => {
  const incoming = choose(
    'reports/2024/may.txt',
    'reports/table.CSV',
    'reports/picture.png',
    'reports/.git/config.txt',
    'reports/.hidden.md',
  );
  expect(incoming).toMatchObject({ kind: 'files', leftOut: ['reports/picture.png'] });
  expect(incoming.kind === 'files' && incoming.files.map(({ name }) => name)).toEqual([
    'reports/2024/may.txt',
    'reports/table.CSV',
  ]);
});

test('a file that is chosen itself is taken whatever its ending: the studio says what it is', () => {
  const incoming = choose('notes.log', 'data');
  expect(incoming.kind === 'files' && incoming.files.map(({ name }) => name)).toEqual(['notes.log', 'data']);
});
