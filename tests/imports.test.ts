import { describe, expect, test } from 'vitest';
import { findCircle, importsBetween, readImports } from './import-graph.ts';

const imports = readImports('src');

/** The folder right below another one that a module lies in. */
function folderBelow(parent: string): (module: string) => string | undefined {
  return (module) => {
    if (!module.startsWith(`${parent}/`)) return undefined;
    const [folder, ...rest] = module.slice(parent.length + 1).split('/');
    return rest.length === 0 ? undefined : folder;
  };
}

test('A circle of imports is found, with the imports that make it', () => {
  const imported = (from: string, to: string) => ({ from, to });
  const straight = [imported('a/one', 'b/one'), imported('b/one', 'c/one'), imported('a/two', 'c/one')];
  const byFolder = (module: string): string => module.split('/')[0] ?? '';
  expect(findCircle(importsBetween(straight, byFolder))).toEqual([]);
  expect(findCircle(importsBetween([...straight, imported('c/two', 'a/one')], byFolder))).toEqual([
    'a/one imports b/one',
    'b/one imports c/one',
    'c/two imports a/one',
  ]);
});

describe('The folders of the studio', () => {
  const between = importsBetween(imports, folderBelow('src/main/studio'));

  test('are found with what they import', () => {
    expect([...(between.get('chats')?.keys() ?? [])]).toContain('checkpoints');
  });

  test('do not import each other in circles', () => {
    expect(findCircle(between)).toEqual([]);
  });
});
