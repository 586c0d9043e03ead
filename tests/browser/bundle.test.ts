import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtPages } from './harness/built-pages.ts';
import { measureBundle } from './harness/bundle-size.ts';

test('the pages without Monaco weigh less than 600 kB compressed, and none of Monaco is loaded with the first', async () => {
  const { pages, monacoFiles, firstFiles } = await measureBundle(await builtPages());
  expect(pages).toBeGreaterThan(50_000);
  expect(pages).toBeLessThan(600_000);
  expect(monacoFiles.length).toBeGreaterThan(0);
  expect(firstFiles.filter((name) => monacoFiles.includes(name))).toEqual([]);
});

test('the first screen weighs at most 450 kB compressed, and the other screens are loaded when they are opened', async () => {
  const { first, firstFiles } = await measureBundle(await builtPages());
  expect(first).toBeGreaterThan(50_000);
  expect(first).toBeLessThanOrEqual(450_000);
  expect(firstFiles.filter((name) => /-screen-[^/]*\.js$/.test(name))).toEqual([
    expect.stringMatching(/^start-screen-/),
  ]);
});

test('the pages name no other host from which scripts, styles or fonts are loaded', async () => {
  const folder = join(await builtPages(), 'assets');
  for (const name of await readdir(folder)) {
    if (!/\.(js|css)$/.test(name)) continue;
    const content = await readFile(join(folder, name), 'utf8');
    expect(
      content.match(/https?:\/\/(?:cdn\.|unpkg|fonts\.g|[^/"'\s]*jsdelivr)[^"'\s)]*/g) ?? [],
      name,
    ).toEqual([]);
    expect(content.match(/@import\s+(?:url\()?["']?https?:/g) ?? [], name).toEqual([]);
  }
});
