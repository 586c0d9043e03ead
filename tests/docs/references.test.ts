import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it, test } from 'vitest';

/** What the documentation says of the repository must still be there. */

const repository = resolve(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(repository, path), 'utf8');

/** Where a text names a test: its file, and behind a colon its title, of which "…" leaves something out. */
const reference = /`(tests\/[\w./-]+\.test\.ts)`(?::\s+([^;|`)]+))?/g;

const securityPage = await read('docs/security.md');
const references = [...securityPage.matchAll(reference)].map(([, file = '', title = '']) => ({
  file,
  parts: title
    .split('…')
    .map((part) => part.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, ''))
    .filter((part) => part !== ''),
}));

describe('The page on security', () => {
  it('names tests', () => {
    expect(references.length).toBeGreaterThan(30);
  });

  it('names only tests that are there', async () => {
    const missing: string[] = [];
    for (const { file, parts } of references) {
      const source = await read(file).catch(() => undefined);
      if (source === undefined) missing.push(file);
      else missing.push(...parts.filter((part) => !source.includes(part)).map((part) => `${file}: ${part}`));
    }
    expect(missing).toEqual([]);
  });
});

test('no two decisions have the same number', async () => {
  const numbers = (await readdir(join(repository, 'docs/decisions'))).map((name) => name.slice(0, 4));
  expect(numbers).toEqual([...new Set(numbers)]);
});

test('every decision that is referred to is there', async () => {
  const decisions = await readdir(join(repository, 'docs/decisions'));
  const pages = [
    'ARCHITECTURE.md',
    'README.md',
    'docs/security.md',
    'docs/packaging.md',
    'docs/command-line.md',
  ];
  for (const page of pages)
    for (const [, name = ''] of (await read(page)).matchAll(/docs\/decisions\/([\w-]+(?:\.md)?)/g))
      expect(
        decisions.some((decision) => decision === name || decision.startsWith(`${name}-`)),
        `${page}: ${name}`,
      ).toBe(true);
});

test('every file and folder that ARCHITECTURE.md names is there', async () => {
  const paths: string[] = [];
  for (const top of ['src', 'tests', 'scripts', 'docs', 'resources'])
    for (const entry of await readdir(join(repository, top), { recursive: true, withFileTypes: true }))
      paths.push(join(entry.parentPath, entry.name) + (entry.isDirectory() ? '/' : ''));
  const isThere = (path: string): boolean => paths.some((each) => each.endsWith(`/${path}`));
  const text = await read('ARCHITECTURE.md');
  const named = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)*(?:\.tsx?|\/))`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(50);
  // Of a checkpoint.
  const made = ['loam/'];
  expect(named.filter((path) => !isThere(path) && !made.includes(path))).toEqual([]);
});
