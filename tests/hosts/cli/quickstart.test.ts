import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type Place } from './loam.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace(1);
});
afterAll(() => place.remove());

interface Report {
  readonly type: string;
  readonly evaluation: { readonly loss: number; readonly tokens: number; readonly bigramLoss: number };
  readonly texts: readonly { readonly prompt: string; readonly text: string }[];
  readonly exported: { readonly folder: string; readonly comparison: { readonly maximumDifference: number } };
}

const reportOf = (stdout: string): Report => JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Report;

test('the quickstart makes everything, is stopped by Ctrl-C, goes on where it was, and does nothing twice', async () => {
  const words = ['quickstart', 'playground', '--steps', '20'];
  const first = place.start(...words);
  await first.saw('Training in process');
  // The worker listens from here on.
  await first.saw('step 1 of 20');
  first.process.kill('SIGINT');
  const stopped = await first.ended;
  expect(stopped).toMatchObject({ code: 130, stderr: '' });
  expect(stopped.stdout).toContain('running the quickstart again');

  const second = await place.loam(...words, '--json');
  expect(second.code, second.stderr).toBe(0);
  expect(second.stderr).toContain('Found');
  const report = reportOf(second.stdout);
  expect(report.type).toBe('quickstart');
  expect(report.evaluation.tokens).toBeGreaterThan(1000);
  // 20 steps are too few to beat a bigram model; the whole of it does, as the benchmark shows.
  expect(report.evaluation.loss).toBeLessThan(Math.log(1024));
  expect(report.evaluation.bigramLoss).toBeLessThan(Math.log(1024));
  expect(report.texts).toHaveLength(2);
  expect(report.exported.comparison.maximumDifference).toBeLessThan(1e-4);
  expect(await readdir(join(report.exported.folder, 'onnx'))).toContain('model.onnx');

  const third = await place.loam(...words);
  expect(third).toMatchObject({ code: 0, stderr: '' });
  expect(third.stdout).toContain('was trained before');
  expect(third.stdout).toContain(report.texts[0]?.text.split('\n')[0]);
});
