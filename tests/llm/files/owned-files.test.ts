import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  makeTemporaryFolder,
  moveOwned,
  ownedNames,
  removeOwned,
  removeOwnedSync,
  replaceFile,
  requireUnlinked,
  type OwnedRoot,
} from '../../../src/main/llm/files/owned-files.ts';

let place: string;
let root: OwnedRoot;
let victim: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'loam-owned-'));
  root = { folder: join(place, 'root'), owns: ([first]) => first === 'own' };
  victim = join(place, 'victim');
  await mkdir(join(victim, 'deep'), { recursive: true });
  await writeFile(join(victim, 'deep', 'letter.txt'), 'dear');
  await mkdir(join(root.folder, 'own'), { recursive: true });
});
afterEach(() => rm(place, { recursive: true }));

/** A link to a folder; a junction on Windows, which anybody may make there. */
const linkFolder = (target: string, path: string) => symlink(target, path, 'junction');
const ways = [
  ['at once', (path: string) => Promise.resolve().then(() => removeOwnedSync(root, path))],
  ['in the background', (path: string) => removeOwned(root, path)],
] as const;

describe.each(ways)('a removal %s', (_, remove) => {
  it('takes away a file or a folder, and leaves nothing beside it', async () => {
    await mkdir(join(root.folder, 'own', 'a', 'b'), { recursive: true });
    await writeFile(join(root.folder, 'own', 'file'), 'x');
    await remove(join(root.folder, 'own', 'file'));
    await remove(join(root.folder, 'own', 'a'));
    await remove(join(root.folder, 'own', 'not there', 'at all'));
    expect(await readdir(join(root.folder, 'own'))).toEqual([]);
  });

  it.each(['..', '../victim', 'own/../../victim', '.', 'own/../..', '../root-of-another'])(
    'does not leave its root: %s',
    async (path) => {
      await expect(remove(`${root.folder}/${path}`)).rejects.toThrow('lies outside');
      expect(existsSync(join(victim, 'deep', 'letter.txt'))).toBe(true);
    },
  );

  it('takes only what has a name of its own form', async () => {
    await mkdir(join(root.folder, 'holiday'));
    await expect(remove(join(root.folder, 'holiday'))).rejects.toThrow('none that Loam gives');
    expect(existsSync(join(root.folder, 'holiday'))).toBe(true);
  });

  it('goes over no link, at whatever level it stands, and does not take the link itself', async () => {
    await linkFolder(victim, join(root.folder, 'own', 'link'));
    await expect(remove(join(root.folder, 'own', 'link', 'deep'))).rejects.toThrow('a link');
    await expect(remove(join(root.folder, 'own', 'link'))).rejects.toThrow('a link');
    expect(await readFile(join(root.folder, 'own', 'link', 'deep', 'letter.txt'), 'utf8')).toBe('dear');
    await rm(join(root.folder, 'own'), { recursive: true });
    await linkFolder(victim, join(root.folder, 'own'));
    await expect(remove(join(root.folder, 'own', 'deep'))).rejects.toThrow('a link');
    expect(existsSync(join(victim, 'deep', 'letter.txt'))).toBe(true);
  });

  it('does not follow the links in what it removes', async () => {
    await mkdir(join(root.folder, 'own', 'a'));
    await linkFolder(victim, join(root.folder, 'own', 'a', 'link'));
    await remove(join(root.folder, 'own', 'a'));
    expect(existsSync(join(root.folder, 'own', 'a'))).toBe(false);
    expect(existsSync(join(victim, 'deep', 'letter.txt'))).toBe(true);
  });

  it('may be reached over a link to the root: that is the person’s own', async () => {
    await linkFolder(root.folder, join(place, 'short'));
    await mkdir(join(root.folder, 'own', 'a'));
    const linked: OwnedRoot = { ...root, folder: join(place, 'short') };
    await removeOwned(linked, join(place, 'short', 'own', 'a'));
    expect(await readdir(join(root.folder, 'own'))).toEqual([]);
  });
});

describe('a new name', () => {
  it('is given to what is the program’s own, where nothing stands in the way', async () => {
    await mkdir(join(root.folder, 'own', 'a'));
    await writeFile(join(root.folder, 'own', 'a', 'x'), 'x');
    await mkdir(join(root.folder, 'own', 'empty'));
    moveOwned(root, join(root.folder, 'own', 'a'), join(root.folder, 'own', 'empty'));
    expect(await readdir(join(root.folder, 'own', 'empty'))).toEqual(['x']);
  });

  it('does not take the place of a folder with something in it, of a link, or of a place outside', async () => {
    await mkdir(join(root.folder, 'own', 'a'));
    await mkdir(join(root.folder, 'own', 'full', 'x'), { recursive: true });
    await linkFolder(victim, join(root.folder, 'own', 'link'));
    const from = join(root.folder, 'own', 'a');
    expect(() => moveOwned(root, from, join(root.folder, 'own', 'full'))).toThrow('already there');
    expect(() => moveOwned(root, from, join(root.folder, 'own', 'link'))).toThrow('a link');
    expect(() => moveOwned(root, from, join(root.folder, 'own', 'link', 'new'))).toThrow('a link');
    expect(() => moveOwned(root, from, join(place, 'away'))).toThrow('outside');
    expect(() => moveOwned(root, victim, join(root.folder, 'own', 'taken'))).toThrow('outside');
    expect(existsSync(from)).toBe(true);
  });

  it('puts a file in the place of a file, never of a folder or a link', async () => {
    const owned = ownedNames(root.folder);
    const from = join(root.folder, '.state.partial-0123456789ab');
    const write = () => writeFile(from, 'new');
    await write();
    await writeFile(join(root.folder, 'state'), 'old');
    replaceFile(owned, from, join(root.folder, 'state'));
    expect(readFileSync(join(root.folder, 'state'), 'utf8')).toBe('new');
    await write();
    expect(() => replaceFile(owned, from, join(root.folder, 'own'))).toThrow('already there');
    if (process.platform === 'win32') return;
    await symlink(join(victim, 'deep', 'letter.txt'), join(root.folder, 'linked'));
    expect(() => replaceFile(owned, from, join(root.folder, 'linked'))).toThrow('a link');
    expect(readFileSync(join(victim, 'deep', 'letter.txt'), 'utf8')).toBe('dear');
  });
});

it('a place that is to be written is told from one behind a link', async () => {
  await linkFolder(victim, join(root.folder, 'own', 'link'));
  expect(() => requireUnlinked(root.folder, join(root.folder, 'own', 'new', 'file'))).not.toThrow();
  expect(() => requireUnlinked(root.folder, join(root.folder, 'own', 'link', 'file'))).toThrow('a link');
  expect(() => requireUnlinked(root.folder, place)).toThrow('outside');
});

it('a temporary folder is removed with what is in it', async () => {
  const { folder, remove } = makeTemporaryFolder('loam-test-');
  await writeFile(join(folder, 'x'), 'x');
  await remove();
  expect(existsSync(folder)).toBe(false);
});

it('nothing else in the program can remove or rename', async () => {
  const source = join(import.meta.dirname, '../../../src');
  const files = (await readdir(source, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  const removing =
    /\b(rm|rmSync|rmdir|rmdirSync|unlink|unlinkSync|rename|renameSync|mkdtempDisposable\w*|promises)\b/;
  const offenders: string[] = [];
  for (const name of files) {
    const text = await readFile(join(source, name), 'utf8');
    const imports = [...text.matchAll(/import\s([^;]*?)\sfrom\s+['"](?:node:)?fs(?:\/promises)?['"]/g)];
    const named = imports.every(
      ([, names = '']) => /^(type )?\{[^}]*\}$/.test(names) && !removing.test(names),
    );
    const aside = /(import|require|getBuiltinModule)\(\s*['"](?:node:)?fs/.test(text);
    if (!named || aside) offenders.push(name.replaceAll('\\', '/'));
  }
  expect(offenders).toEqual(['main/llm/files/owned-files.ts']);
});
