import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { withOpenProject } from '../../src/main/studio/projects/projects.ts';
import { branchRun } from '../../src/main/studio/training/branch-run.ts';
import { makePlace, type Ended, type Place } from '../hosts/cli/loam.ts';
import './register.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace(600, resolve(import.meta.dirname, 'loam.ts'));
  await place.call('init', place.project);
  await told('dataset', 'import', 'texts', place.text);
  await importTable('reports', reports(80));
});
afterAll(() => place.remove());

const inProject = (...words: string[]): Promise<Ended> => place.loam(...words, '--project', place.project);

async function succeed(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await inProject(...words);
  expect(code, stderr).toBe(0);
  return stdout + stderr;
}

/** In this process, which knows what the entry registers, where it matters only what a command says. */
const called = (...words: string[]): Promise<Ended> => place.call(...words, '--project', place.project);

async function told(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await called(...words);
  expect(code, stderr).toBe(0);
  return stdout + stderr;
}

async function refused(...words: string[]): Promise<string> {
  const { code, stderr } = await called(...words);
  expect(code).not.toBe(0);
  return stderr;
}

/** Where the model itself is read, in a process that knows its architecture. */
async function refusedForTheModel(...words: string[]): Promise<string> {
  const { code, stderr } = await inProject(...words);
  expect(code).not.toBe(0);
  return stderr;
}

async function importTable(name: string, rows: readonly (readonly [text: string, label: string])[]) {
  const file = join(place.folder, `${name}.csv`);
  await writeFile(file, ['text,label', ...rows.map((row) => row.join(','))].join('\n'));
  await told('dataset', 'import', name, file);
}

async function losses(run: string): Promise<readonly number[]> {
  const { evaluations } = JSON.parse(await told('runs', 'show', run, '--json')) as {
    evaluations: { loss: number }[];
  };
  return evaluations.map(({ loss }) => loss);
}

/** Reports of two departments, which one word tells apart. */
function reports(count: number): readonly (readonly [string, string])[] {
  const things = ['pump', 'valve', 'motor', 'belt', 'gauge'];
  return Array.from({ length: count }, (_, number) => {
    const thing = things[(number * 7) % things.length] ?? '';
    return number % 2 === 0
      ? [`The ${thing} leaks oil in hall ${number}`, 'workshop']
      : [`The invoice for the ${thing} of month ${number} is missing`, 'accounts'];
  });
}

const small = ['--steps', '80', '--set', 'engine.threads=1', '--set', 'training.evaluationInterval=40'];

describe('a model that classifies, of an architecture and an objective that only the entry registers', () => {
  let said = '';
  beforeAll(async () => {
    await importTable('unsorted', [...reports(40), ['Somebody lost a key', ''], ['The door squeaks', '']]);
    said = await succeed('train', '--dataset', 'reports', '--preset', 'bag', '--name', 'sorter', ...small);
  });

  test('learns from a label column, and its accuracy is shown', async () => {
    expect(said).toContain('Run sorter is done after 80 steps');
    expect(said).toContain(
      'Next: loam evaluate sorter --dataset DATASET, or loam export sorter --format safetensors --out DIR',
    );
    const shown = JSON.parse(await told('runs', 'show', 'sorter', '--json')) as {
      provenance: { labels: string[] };
      evaluations: { accuracy: number }[];
    };
    expect(shown.provenance.labels).toEqual(['accounts', 'workshop']);
    expect(shown.evaluations.at(-1)?.accuracy).toBe(1);
    expect(await told('runs', 'show', 'sorter')).toMatch(/accuracy\n.*100\.0 %/);
  });

  test('has bitwise the same weights after a pause, which goes on in another process', async () => {
    const long = ['--steps', '4000', ...small.slice(2), '--json'];
    await succeed('train', '--dataset', 'reports', '--preset', 'bag', '--name', 'one', ...long);
    const words = ['train', '--dataset', 'reports', '--preset', 'bag', '--name', 'two', ...long];
    const started = place.start(...words, '--project', place.project);
    await started.saw('"step":45,');
    started.process.kill('SIGINT');
    expect((await started.ended).code).toBe(130);
    await succeed('resume', 'two');
    const weights = async (run: string): Promise<Buffer> => {
      const { checkpoints } = JSON.parse(await told('runs', 'show', run, '--json')) as {
        checkpoints: { step: number; folder: string }[];
      };
      const last = checkpoints.find(({ step }) => step === 4000);
      return readFile(join(last?.folder ?? '', 'model.safetensors'));
    };
    expect(await weights('two')).toEqual(await weights('one'));
  });

  test('says how many documents without a label it does not learn from', async () => {
    expect(await succeed('train', '--dataset', 'unsorted', '--preset', 'bag', ...small)).toContain(
      '2 documents without a label are left out.',
    );
  });

  test('is measured on other texts by its own labels, and those it does not know are told', async () => {
    await importTable('later', [
      ...reports(20),
      ['The lift is stuck', 'building'],
      ['Rain comes in', 'building'],
    ]);
    const measured = await inProject('evaluate', 'sorter', '--dataset', 'later', '--json');
    expect(JSON.parse(measured.stdout)).toMatchObject({ objective: 'labels', accuracy: 1, texts: 20 });
    expect(measured.stderr).toContain(
      '2 documents are left out because the model does not know the label: "building".',
    );
  });

  test('is not measured on a dataset without labels, and that is the reason given', async () => {
    expect(await refusedForTheModel('evaluate', 'sorter', '--dataset', 'texts')).toContain(
      'Its documents have no labels, and "Tell texts apart" learns from labels.',
    );
  });

  test('is measured by default on the texts that were kept aside', async () => {
    const { stdout } = await inProject('evaluate', 'sorter', '--dataset', 'reports', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ split: 'validation', familiarity: 'keptAside' });
  });

  test('is a starting point for more texts, with the labels that it has', async () => {
    await importTable('more', [...reports(30), ['The lift is stuck', 'building']]);
    expect(
      await succeed('train', '--dataset', 'more', '--from', 'sorter', '--objective', 'labels', ...small),
    ).toContain('1 document is left out because the model does not know the label: "building".');
  });

  test('is branched to learn labels alone: what it cannot do is refused', async () => {
    vi.stubEnv('LOAM_HOME', join(place.folder, 'home'));
    const branch = withOpenProject(place.project, (project) =>
      branchRun(project, {
        run: 'sorter',
        step: 80,
        takes: 'weights',
        changes: { objective: 'next-token' },
      }),
    );
    await expect(branch).rejects.toThrow('This model cannot write text. It can classify texts.');
    vi.unstubAllEnvs();
  });

  test('writes nothing: writing, chatting and exporting for it are refused', async () => {
    const reason = 'This model cannot write text. It can classify texts.';
    expect(await refusedForTheModel('generate', 'sorter', '--prompt', 'The ')).toContain(reason);
    expect(await refusedForTheModel('chat', 'sorter')).toContain(reason);
    const out = join(place.folder, 'sorter-onnx');
    expect(await refusedForTheModel('export', 'sorter', '--format', 'onnx', '--out', out)).toContain(reason);
  });

  test('is exported with the words of its labels', async () => {
    const out = join(place.folder, 'sorter-exported');
    await succeed('export', 'sorter', '--format', 'safetensors', '--out', out);
    expect(JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))).toMatchObject({
      id2label: { 0: 'accounts', 1: 'workshop' },
    });
  });

  test('is found whole by a check of the project, and its examples are made again where they are gone', async () => {
    expect(await succeed('verify')).toMatch(/Everything that has a hash is what was written\.\n$/);
    await rm(join(place.project, 'tokens'), { recursive: true });
    await succeed('train', '--dataset', 'reports', '--preset', 'bag', '--name', 'again', ...small);
    expect(await losses('again')).toEqual(await losses('sorter'));
  });
});

describe('what does not go with learning from labels is said before anything is made', () => {
  const words = ['train', '--preset', 'bag', ...small];

  test('a dataset without labels', async () => {
    expect(await refused(...words, '--dataset', 'texts')).toContain(
      'Its documents have no labels, and "Tell texts apart" learns from labels.',
    );
  });

  test('one label for all', async () => {
    await importTable(
      'alike',
      reports(30).map(([text]) => [text, 'same']),
    );
    expect(await refused(...words, '--dataset', 'alike')).toContain(
      'Every document has the same label, "same".',
    );
  });

  test('a text cut in two', async () => {
    expect(await refused(...words, '--dataset', 'reports', '--set', 'data.split=position')).toContain(
      'By position a text would be cut in two',
    );
  });

  test('a model that predicts tokens', async () => {
    expect(
      await refused('train', '--preset', 'nano', '--objective', 'labels', '--dataset', 'reports', ...small),
    ).toContain('This model cannot classify texts. It can write text.');
  });
});
