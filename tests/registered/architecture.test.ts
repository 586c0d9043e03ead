import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, startLoam, type Ended, type Place } from '../hosts/cli/loam.ts';
import './register.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace(2000, resolve(import.meta.dirname, 'loam.ts'));
  await place.call('init', place.project);
  await place.call('dataset', 'import', 'records', place.text, '--project', place.project);
});
afterAll(() => place.remove());

function done({ code, stdout, stderr }: Ended): string {
  expect(code, stderr).toBe(0);
  return stdout;
}

/** Runs a command in a process of the entry's, as its workers are. @returns what it says. */
const succeed = async (...words: string[]): Promise<string> =>
  done(await place.loam(...words, '--project', place.project));

/** Runs a command in this process, which knows the architecture as the entry does, where it matters only what it says. */
const called = (...words: string[]): Promise<Ended> => place.call(...words, '--project', place.project);
const told = async (...words: string[]): Promise<string> => done(await called(...words));

function refusal({ code, stderr }: Ended): string {
  expect(code).not.toBe(0);
  return stderr;
}

const refused = async (...words: string[]): Promise<string> => refusal(await called(...words));

/** Where the model itself is read, in a process that knows its architecture. */
const refusedForTheModel = async (...words: string[]): Promise<string> =>
  refusal(await place.loam(...words, '--project', place.project));

const settings = Object.entries({
  'model.architecture': 'bigram-table',
  'model.rank': '8',
  'tokenizer.kind': 'char',
  'training.steps': '60',
  'training.batchSize': '4',
  'training.microBatchSize': '4',
  'training.learningRate': '0.05',
  'training.minimumLearningRate': '0.005',
  'training.warmupSteps': '5',
  'training.evaluationInterval': '20',
  'training.sample.maximumTokens': '8',
  'engine.threads': '1',
}).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

describe('an architecture that only the entry of a program registers, on the command line', () => {
  test('trains with settings of its own', async () => {
    const out = await succeed('train', '--dataset', 'records', '--name', 'whole', ...settings);
    expect(out).toContain('Run whole is done after 60 steps');
    const shown = await told('runs', 'show', 'whole');
    expect(shown).toContain('model: bigram_table, ');
    expect(shown).toContain('rank 8, context 16');
  });

  test('trains from a configuration file that names nothing but the architecture', async () => {
    const file = join(place.folder, 'pairs.json');
    await writeFile(file, '{ "model": { "architecture": "bigram-table" } }');
    const described = await refused(
      'train',
      '--dataset',
      'records',
      '--config',
      file,
      '--set',
      'model.rank=7',
    );
    expect(described).toContain('A rank of 7 is odd. Take 8.');
  });

  test('has bitwise the same weights after a pause, which goes on in another process', async () => {
    const steps = ['--steps', '1200', '--json'];
    await succeed('train', '--dataset', 'records', '--name', 'one', ...settings, ...steps);
    const inThisProject = ['--project', place.project];
    const two = ['train', '--dataset', 'records', '--name', 'two', ...settings, ...steps, ...inThisProject];
    const started = place.start(...two);
    await started.saw('"step":45,');
    started.process.kill('SIGINT');
    expect((await started.ended).code).toBe(130);
    await succeed('resume', 'two');
    const weights = async (run: string): Promise<Buffer> => {
      const { checkpoints } = JSON.parse(await told('runs', 'show', run, '--json')) as {
        checkpoints: { step: number; folder: string }[];
      };
      const last = checkpoints.find(({ step }) => step === 1200);
      return readFile(join(last?.folder ?? '', 'model.safetensors'));
    };
    expect(await weights('two')).toEqual(await weights('one'));
  });

  test('is evaluated, writes and is exported', async () => {
    expect(await succeed('evaluate', 'whole', '--dataset', 'records')).toMatch(/perplexity/i);
    expect(
      await succeed('generate', 'whole', '--prompt', 'The ', '--max-tokens', '12', '--temperature', '0'),
    ).toMatch(/^The .{8,}/);
    const out = join(place.folder, 'exported');
    await succeed('export', 'whole', '--format', 'onnx', '--out', out);
    expect(JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))).toMatchObject({
      model_type: 'bigram_table',
      rank: 8,
    });
  });

  test('has its settings in the schema of a configuration file and among its presets', async () => {
    expect(await told('config', 'schema')).toContain('"bigram-table"');
    expect(await told('presets')).toContain('pairs');
    expect(await told('config', 'keys', '--architecture', 'bigram-table')).toContain('model.rank (16)');
  });
});

describe('a model that does not write', () => {
  let folder: string;
  beforeAll(async () => {
    folder = join(place.folder, 'sorter');
    await succeed('export', 'whole', '--format', 'safetensors', '--out', folder);
    const file = join(folder, 'config.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...config, use: 'embed' }));
  });

  test.each([
    { command: 'generate', words: ['--prompt', 'The '] },
    { command: 'chat', words: [] },
  ])('is refused by $command with what it cannot do and what it can', async ({ command, words }) => {
    expect(await refusedForTheModel(command, folder, ...words)).toContain(
      `${folder}: This model cannot write text. It can turn texts into vectors.`,
    );
  });

  test('is exported as safetensors, and to ONNX refused by its kind with that way out', async () => {
    const out = join(place.folder, 'exported-sorter');
    const said = await refusedForTheModel('export', folder, '--format', 'onnx', '--out', out);
    expect(said).toContain(`${folder}: This model cannot write text. It can turn texts into vectors.`);
    expect(said).toContain(
      'Models of the kind "bigram_table" with such a use cannot be exported to ONNX. Export it as safetensors',
    );
    await succeed('export', folder, '--format', 'safetensors', '--out', out);
  });

  test('is measured at nothing that it cannot do', async () => {
    expect(await refusedForTheModel('evaluate', folder, '--dataset', 'records')).toContain(
      'There is nothing to measure such a model at: it can turn texts into vectors. Models are measured that can write text or classify texts.',
    );
  });

  test('is not trained to write', async () => {
    expect(await refused('train', '--dataset', 'records', ...settings, '--set', 'model.use=embed')).toContain(
      'This model cannot write text. It can turn texts into vectors.',
    );
  });
});

test('a model of no preset is asked for with the architectures that there are besides the usual one', async () => {
  const said = await refused('train', '--dataset', 'records');
  expect(said).toContain('--from MODEL.');
  expect(said).toContain('add --set model.architecture=NAME (bigram-table, bag-of-words).');
});

describe('a setting of a model', () => {
  test('of another architecture is refused by its name', async () => {
    expect(
      await refused('train', '--dataset', 'records', '--preset', 'nano', '--set', 'model.rank=8'),
    ).toContain(
      "--set model.rank: 'model.rank' is a setting of the architecture bigram-table, and the model is of gpt.",
    );
  });

  test('of no architecture is refused with the nearest one', async () => {
    expect(await refused('train', '--dataset', 'records', ...settings, '--set', 'model.rnak=8')).toContain(
      "There is no setting 'model.rnak'. Did you mean model.rank?",
    );
  });
});

test('a program without it shows its runs, and says what it lacks to go on with them', async () => {
  const plain = resolve(import.meta.dirname, '../../src/main/hosts/cli/main.ts');
  const loam = (...words: string[]): Promise<Ended> =>
    startLoam([...words, '--project', place.project], {
      cwd: place.folder,
      home: join(place.folder, 'home'),
      entry: plain,
    }).ended;
  const shown = await loam('runs', 'show', 'whole');
  expect(shown.stderr).toBe('');
  expect(shown.stdout).toContain('model: bigram-table, ');
  expect((await loam('generate', 'whole', '--prompt', 'The ')).stderr).toContain(
    'Models of the kind "bigram_table" are not supported',
  );
});
