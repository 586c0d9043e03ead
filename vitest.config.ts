import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/longest-first.ts';
import { makeMemoryFolder } from './tests/memory-folder.ts';
import { pureTests } from './tests/pure-tests.ts';

const tests = 'tests/**/*.test.ts';
const browserTests = 'tests/browser/**/*.test.ts';
/** Suites with commands of their own. */
const elsewhere = ['tests/kill/**', 'tests/interop/**', 'node_modules/**'];

// A folder that was asked for counts; else files in memory, where there is room.
const memoryFolder = process.env['TMPDIR'] === undefined ? makeMemoryFolder() : undefined;
if (memoryFolder !== undefined) process.env['TMPDIR'] = memoryFolder;

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // One more than the two cores that a small machine has: a test often waits for a page, a process or a lock.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // No test knows the projects and settings of whoever runs it, or leaves any behind with them.
    env: { ORT_DISABLE_TELEMETRY: '1', LOAM_HOME: join(tmpdir(), `loam-tests-${process.pid}`) },
    projects: [
      {
        extends: true,
        test: { name: 'node', include: [tests], exclude: [...elsewhere, browserTests, ...pureTests] },
      },
      { extends: true, test: { name: 'pure', include: pureTests, exclude: elsewhere, isolate: false } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [browserTests],
          exclude: elsewhere,
          // Only run when one of these tests is: finds a browser and builds the pages.
          globalSetup: ['tests/browser/harness/global-setup.ts'],
          // What a page shows is awaited; how long that takes depends on what else the machine does.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
