import { posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { fromStoredPath, toStoredPath } from '../../../src/main/studio/projects/paths.ts';

test('a path is stored with forward slashes whatever the system, and found again on either', () => {
  const stored = 'runs/first/checkpoints/step-00000010';
  const onWindows = 'C:\\texts\\project\\runs\\first\\checkpoints\\step-00000010';
  expect(toStoredPath('C:\\texts\\project', onWindows, win32)).toBe(stored);
  expect(fromStoredPath('C:\\texts\\project', stored, win32)).toBe(onWindows);
  expect(toStoredPath('/texts/project', `/texts/project/${stored}`, posix)).toBe(stored);
  expect(fromStoredPath('/texts/project', stored, posix)).toBe(`/texts/project/${stored}`);
});

test('a folder on another drive or beside the project is found again, and a backslash in a name is kept where it is one', () => {
  for (const model of ['D:\\models\\first', 'C:\\texts\\models\\first'])
    expect(
      fromStoredPath('C:\\texts\\project', toStoredPath('C:\\texts\\project', model, win32), win32),
    ).toBe(model);
  expect(toStoredPath('/texts/project', '/texts/models/a\\b', posix)).toBe('../models/a\\b');
});
