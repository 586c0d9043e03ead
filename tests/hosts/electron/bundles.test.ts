import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { workerModules } from '../../../src/main/studio/processes/worker-modules.ts';
import { buildDesktop, type BuiltDesktop } from './built-desktop.ts';

let built: BuiltDesktop;
const sources = new Map<string, string>();
beforeAll(async () => {
  built = await buildDesktop();
  const main = join(built.folder, 'main');
  for (const name of await readdir(main, { recursive: true }))
    if (name.endsWith('.js')) sources.set(name, await readFile(join(main, name), 'utf8'));
});

test('every kind of worker has a bundle of its own', () => {
  for (const kind of Object.keys(workerModules)) expect([...sources.keys()]).toContain(`${kind}-worker.js`);
});

test('packages with compiled parts stay outside the bundles, where they are found by name', () => {
  const all = [...sources.values()].join('\n');
  for (const name of ['better-sqlite3', 'koffi']) expect(all).toContain(`from "${name}"`);
  expect(all).toContain('onnxruntime-node/package.json');
  expect(all).not.toMatch(/require\w*\(["'][^"']*\.node["']\)/);
});

test('no bundle looks for a file of the source tree, which is not there in a packaged application', () => {
  const looks = [...sources].flatMap(([name, source]) =>
    source
      .split('\n')
      .filter((line) => /import\.meta\.(url|dirname|filename)/.test(line))
      // What electron-vite puts on top of each file, without effect.
      .filter(
        (line) =>
          !/^\s*(import\.meta\.\w+|__shims_module__\.createRequire\(import\.meta\.url\));$/.test(line),
      )
      .map((line) => `${name.replace(/-[\w-]{8}\.js$/, '.js')}: ${line.trim()}`),
  );
  const expected = [
    // Of the launcher for Node, which the desktop application replaces by its own.
    /forkModule\(new URL\(/,
    // The bundles of workers, the pages and the preload script lie where the build puts them.
    /createUtilityLauncher\(import\.meta\.dirname\)/,
    /"\.\.\/renderer"/,
    /"\.\.\/preload\/index\.cjs"/,
    // Finds the package of ONNX Runtime by its name.
    /const require = createRequire\(import\.meta\.url\);/,
    // From here upwards to the application's own folder, for what a release brings along.
    /async function findReleased\(/,
    // A thread begins with its own bundle.
    /^template-thread\.js: var templateThread = new URL\(import\.meta\.url\);/,
  ];
  expect(looks.filter((line) => !expected.some((pattern) => pattern.test(line)))).toEqual([]);
});

test('the preload script loads nothing but Electron', async () => {
  const preload = await readFile(built.preload, 'utf8');
  expect([...preload.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name)).toEqual(['electron']);
});
