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

/** The floors of `llm`, the lowest first: a folder imports those of floors below its own. */
const libraryFloors = [
  ['files', 'graph', 'kernels', 'random'],
  ['engines', 'scores', 'tokenizers'],
  ['conversations', 'data', 'models'],
  ['checkpoints', 'objectives'],
  ['export', 'generation'],
  ['training'],
  ['engine-trials'],
];

/** The floors of the pages. Below the screens lies, by noun, what several of them share. */
const pageFloors = [
  ['format', 'strings', 'theme'],
  ['client'],
  ['components'],
  ['jobs', 'models', 'projects', 'runs'],
  ['screens'],
  ['app'],
];

describe.each([
  { parent: 'src/main/llm', floors: libraryFloors },
  { parent: 'src/renderer', floors: pageFloors },
])('The folders of $parent', ({ parent, floors }) => {
  const floorOf = (folder: string): number => floors.findIndex((floor) => floor.includes(folder));
  const between = importsBetween(imports, folderBelow(parent));

  test('each stand on a floor', () => {
    const folders = [...between].flatMap(([from, imported]) => [from, ...imported.keys()]);
    expect([...new Set(folders)].toSorted()).toEqual(floors.flat().toSorted());
  });

  test('import nothing but floors below their own', () => {
    const upward = [...between].flatMap(([from, imported]) =>
      [...imported]
        .filter(([to]) => floorOf(to) >= floorOf(from))
        .map(([, each]) => `${each.from} imports ${each.to}`),
    );
    expect(upward).toEqual([]);
  });
});

test.each([
  { parent: 'src/main/llm/models', all: 'architectures', shared: ['layers'] },
  { parent: 'src/main/llm/objectives', all: 'objectives', shared: [] },
])('Only its registry imports one of the $all', ({ parent, shared }) => {
  const folderOf = folderBelow(parent);
  const intoFolders = imports.filter(({ from, to }) => {
    const folder = folderOf(to);
    return folder !== undefined && !shared.some((each) => each === folder) && folder !== folderOf(from);
  });
  expect(intoFolders).not.toEqual([]);
  expect(
    intoFolders
      .filter(({ from }) => from !== `${parent}/registry.ts`)
      .map(({ from, to }) => `${from} imports ${to}`),
  ).toEqual([]);
});

test('No screen imports another', () => {
  const between = importsBetween(imports, folderBelow('src/renderer/screens'));
  expect(
    [...between].flatMap(([from, imported]) => [...imported.keys()].map((to) => `${from} imports ${to}`)),
  ).toEqual([]);
});

test('No modules import each other in circles, not even for their types', () => {
  expect(findCircle(importsBetween(imports, (module) => module))).toEqual([]);
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
