import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, tinyModel, type Ended, type Place } from './loam.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => place.remove());

const json = ({ code, stdout, stderr }: Ended): unknown => {
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
};

/** Each step is a process of its own, as it is for a person; what is looked at between them is asked for by a call. */
describe('from a text file to a model that writes, by the command line', () => {
  test('init makes a project', async () => {
    expect(json(await place.loam('init', place.project, '--json'))).toMatchObject({
      name: 'project',
      folder: place.project,
    });
    expect(await readdir(place.project)).toEqual(['loam.sqlite', 'loam.sqlite-mark']);
  });

  test('dataset import copies the text under the hash of its content', async () => {
    const dataset = json(
      await place.loam('dataset', 'import', 'records', place.text, '--project', place.project, '--json'),
    );
    expect(dataset).toMatchObject({ name: 'records', files: 1 });
    const details = json(
      await place.call('dataset', 'show', 'records', '--project', place.project, '--json'),
    ) as { sources: { hash: string; name: string }[] };
    expect(details.sources.map(({ name }) => name)).toEqual(['records.txt']);
    expect(await readFile(join(place.project, 'sources', details.sources[0]!.hash), 'utf8')).toBe(
      await readFile(place.text, 'utf8'),
    );
  });

  test('tokenizer train learns a tokenizer, and encode prints ids on one line', async () => {
    const trained = await place.loam(
      'tokenizer',
      'train',
      'words',
      '--dataset',
      'records',
      '--kind',
      'bpe',
      '--vocab-size',
      '300',
      '--project',
      place.project,
      '--json',
    );
    expect(json(trained)).toMatchObject({
      name: 'words',
      kind: 'bpe',
      vocabularySize: 300,
      dataset: 'records',
    });
    const encoded = await place.call(
      'tokenizer',
      'encode',
      'words',
      'The pump leaks.',
      '--project',
      place.project,
    );
    expect(encoded.stdout).toMatch(/^\d+( \d+)*\n$/);
    const decoded = await place.call(
      'tokenizer',
      'decode',
      'words',
      ...encoded.stdout.trim().split(' '),
      '--project',
      place.project,
    );
    expect(decoded.stdout).toBe('The pump leaks.\n');
  });

  test('train trains 200 steps, tells each in JSON, and the loss falls', async () => {
    const ended = await place.loam(
      'train',
      '--dataset',
      'records',
      '--tokenizer',
      'words',
      ...tinyModel,
      '--steps',
      '200',
      '--name',
      'first',
      '--json',
      '--quiet',
      '--project',
      place.project,
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const lines = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; metrics: { step: number; loss: number } });
    const steps = lines.filter(({ type }) => type === 'step').map(({ metrics }) => metrics);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(steps.at(-1)?.loss).toBeLessThan(0.6 * steps[0]!.loss);
    expect(lines.at(-1)).toMatchObject({ type: 'ended', name: 'first', status: 'completed', step: 200 });
  });

  test('runs list and show tell of the run and all that is needed to repeat it', async () => {
    expect(json(await place.call('runs', 'list', '--project', place.project, '--json'))).toMatchObject([
      { name: 'first', status: 'completed', step: 200, steps: 200 },
    ]);
    expect(
      json(await place.call('runs', 'show', 'first', '--project', place.project, '--json')),
    ).toMatchObject({
      configuration: {
        model: { hiddenSize: 32 },
        training: { steps: 200, seed: 1337 },
        engine: { threads: 1 },
      },
      provenance: {
        dataset: { name: 'records', sources: [{ name: 'records.txt' }] },
        tokenizer: { name: 'words' },
        versions: { loam: expect.any(String), node: process.versions.node, onnxruntime: expect.any(String) },
        hardware: { processor: expect.any(String) },
      },
      checkpoints: expect.arrayContaining([expect.objectContaining({ run: 'first', step: 200 })]),
    });
  });

  test('generate writes the same text for the same seed, and other text for another', async () => {
    const write = (seed: string, by = place.call): Promise<Ended> =>
      by(
        'generate',
        'first',
        '--prompt',
        'The pump',
        '--max-tokens',
        '30',
        '--seed',
        seed,
        '--project',
        place.project,
      );
    const [one, again, other] = [await write('1', place.loam), await write('1'), await write('2')];
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(/^The pump./);
    expect(again.stdout).toBe(one.stdout);
    expect(other.stdout).not.toBe(one.stdout);
  });

  test('evaluate measures the kept-aside text with the loss that training reported', async () => {
    const evaluation = json(
      await place.loam('evaluate', 'first@200', '--dataset', 'records', '--project', place.project, '--json'),
    );
    const run = json(await place.call('runs', 'show', 'first', '--project', place.project, '--json')) as {
      validationLoss: number;
      requestedEvaluations: unknown[];
    };
    expect(evaluation).toMatchObject({ familiarity: 'keptAside' });
    expect(run.requestedEvaluations).toEqual([evaluation]);
    expect(evaluation).toMatchObject({
      run: 'first',
      step: 200,
      split: 'validation',
      loss: expect.closeTo(run.validationLoss, 5),
    });
  });

  test('export writes an ONNX folder that was compared, and a Hugging Face folder that writes the same text', async () => {
    const onnx = join(place.folder, 'onnx');
    expect(
      json(
        await place.loam(
          'export',
          'first',
          '--format',
          'onnx',
          '--out',
          onnx,
          '--project',
          place.project,
          '--json',
          '--quiet',
        ),
      ),
    ).toMatchObject({ format: 'onnx', comparison: { maximumDifference: expect.any(Number) } });
    expect(await readdir(join(onnx, 'onnx'))).toContain('model.onnx');
    const plain = join(place.folder, 'plain');
    expect(
      (
        await place.call(
          'export',
          'first',
          '--format',
          'safetensors',
          '--out',
          plain,
          '--project',
          place.project,
        )
      ).code,
    ).toBe(0);
    const words = ['--prompt', 'A valve', '--max-tokens', '20', '--temperature', '0'];
    const fromRun = await place.call('generate', 'first', ...words, '--project', place.project);
    // A model folder needs no project.
    const fromFolder = await place.call('generate', plain, ...words);
    expect(fromFolder).toMatchObject({ code: 0, stdout: fromRun.stdout });
  });

  test('an export never takes the place of a folder that holds something else', async () => {
    const refused = await place.call(
      'export',
      'first',
      '--format',
      'safetensors',
      '--out',
      place.project,
      '--project',
      place.project,
    );
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('The folder is not empty');
    expect(await readdir(place.project)).toContain('loam.sqlite');
  });

  test('runs delete says what it frees, and asks', async () => {
    const unasked = await place.call('runs', 'delete', 'first', '--project', place.project);
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    const deleted = json(
      await place.call('runs', 'delete', 'first', '--yes', '--json', '--project', place.project),
    ) as { freedBytes: number };
    expect(deleted.freedBytes).toBeGreaterThan(10_000);
    expect(await readdir(join(place.project, 'runs'))).toEqual([]);
    expect(json(await place.call('runs', 'list', '--project', place.project, '--json'))).toEqual([]);
  });
});
