import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callLoam } from '../../hosts/cli/call-loam.ts';
import type { Ended } from '../../hosts/cli/loam.ts';

const fixture = resolve(import.meta.dirname, '../../fixtures/earlier-project');

const evaluationSchema = z.object({ step: z.int(), loss: z.number() });
const runSchema = z.object({ status: z.string(), step: z.int(), evaluations: z.array(evaluationSchema) });
const expectedSchema = z.object({ finished: runSchema, paused: runSchema, goneOn: evaluationSchema });

let place: string;
let expected: z.output<typeof expectedSchema>;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'loam-earlier-'));
  expected = expectedSchema.parse(JSON.parse(await readFile(join(fixture, 'expected.json'), 'utf8')));
  const packed = gunzipSync(await readFile(join(fixture, 'project.json.gz'))).toString('utf8');
  const files = z.record(z.string(), z.string()).parse(JSON.parse(packed));
  for (const [path, content] of Object.entries(files)) {
    const file = join(place, 'project', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(content, 'base64'));
  }
});
afterAll(() => rm(place, { recursive: true, force: true }));

const loam = (...words: string[]): Promise<Ended> =>
  callLoam([...words, '--project', join(place, 'project')], { cwd: place, home: join(place, 'home') });

async function succeed(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await loam(...words);
  expect(code, stderr).toBe(0);
  return stdout;
}

const show = async (run: string) => runSchema.parse(JSON.parse(await succeed('runs', 'show', run, '--json')));

describe('a project that was written before models and objectives were declarations', () => {
  test('is opened once it is agreed to, and its runs have the figures that they had', async () => {
    expect((await loam('runs', 'list')).code).not.toBe(0);
    await succeed('project', 'trust');
    expect(await show('finished')).toEqual(expected.finished);
    expect(await show('paused')).toEqual(expected.paused);
    expect(await succeed('runs', 'compare', 'finished', 'paused')).toMatch(
      /^finished .* 3\.4120  3\.4120 +4\.922/m,
    );
  });

  test('has its checkpoints measured and written with, and is sound', async () => {
    const measured = z
      .object({ loss: z.number() })
      .parse(JSON.parse(await succeed('evaluate', 'finished', '--dataset', 'records', '--json')));
    expect(measured.loss).toBeCloseTo(expected.finished.evaluations.at(-1)?.loss ?? 0, 3);
    expect(
      await succeed('generate', 'finished', '--prompt', 'The ', '--max-tokens', '8', '--temperature', '0'),
    ).toMatch(/^The ./);
    await succeed('verify');
  });

  test('has models of the type that they were, and files that are written again from the store are sound', async () => {
    const models = z.array(z.object({ modelType: z.string() }));
    expect(models.parse(JSON.parse(await succeed('model', 'list', '--json')))).toContainEqual({
      modelType: 'gpt2',
    });
    await rm(join(place, 'project', 'runs', 'finished', 'configuration.json'));
    await succeed('verify', '--repair');
    await succeed('verify');
  });

  test('goes on with its paused run as the version would have that paused it', async () => {
    await succeed('resume', 'paused');
    const { status, evaluations } = await show('paused');
    expect(status).toBe('completed');
    expect(evaluations.slice(0, expected.paused.evaluations.length)).toEqual(expected.paused.evaluations);
    const last = evaluations.at(-1);
    expect(last?.step).toBe(expected.goneOn.step);
    // Another processor rounds otherwise, and a thousand steps carry that on.
    expect(last?.loss).toBeCloseTo(expected.goneOn.loss, 1);
  });
});
