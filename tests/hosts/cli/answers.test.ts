import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeGguf } from '../../../src/main/llm/checkpoints/gguf/describe-gguf.ts';
import type { Verdict } from '../../../src/shared/evaluations/verdict.ts';
import { makePlace, type Place } from './loam.ts';

const gguf = resolve(import.meta.dirname, '../../fixtures/gguf/qwen2.gguf');
const template =
  "{% for m in messages %}{{ '<|im_start|>' + m.role[0] + m.content + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>a' }}{% endif %}";

let place: Place;
beforeAll(async () => {
  place = await makePlace(100);
  await place.call('init', place.project);
  await writeModel('talks', template);
  await writeModel('mute', undefined);
  const records = Array.from({ length: 40 }, (_, number) => ({
    instruction: `${number}?`,
    output: `${number + 1}`,
  }));
  await writeFile(
    join(place.folder, 'records.json'),
    JSON.stringify([
      ...records,
      { instruction: 'long', output: 'x'.repeat(60) },
      { instruction: 'none', output: '' },
    ]),
  );
  await call('dataset', 'import', 'records', join(place.folder, 'records.json'));
});
afterAll(() => place.remove());

const call = (...words: string[]) => place.call(...words, '--project', place.project);

/** The folder of a tiny model that holds conversations by a template, or has none. */
async function writeModel(name: string, chatTemplate: string | undefined): Promise<void> {
  const folder = join(place.folder, name);
  await mkdir(folder);
  for (const [file, text] of await describeGguf(gguf)) await writeFile(join(folder, file), text);
  if (chatTemplate === undefined) await rm(join(folder, 'chat_template.jinja'));
  else await writeFile(join(folder, 'chat_template.jinja'), chatTemplate);
  await cp(gguf, join(folder, 'model.gguf'));
}

const small = [
  '--steps',
  '6',
  '--set',
  'training.batchSize=4',
  '--set',
  'training.evaluationInterval=3',
  '--set',
  'engine.threads=1',
];
const train = (name: string, from: string, ...more: readonly string[]) =>
  call(
    'train',
    '--from',
    join(place.folder, from),
    '--dataset',
    'records',
    '--objective',
    'answers',
    '--name',
    name,
    ...small,
    ...more,
  );

test('a model learns the answers of records, is measured on those kept aside, and chats by the template that it had', async () => {
  const trained = await train('taught', 'talks');
  expect(trained.code, trained.stderr).toBe(0);
  const said = trained.stdout + trained.stderr;
  expect(said).toContain('Run taught is done after 6 steps');
  expect(said).toContain('Next: loam chat taught, ');
  expect(said).toContain('1 record without a question and an answer is left out.');
  expect(said).toMatch(
    /1 record is longer than the context of 32 tokens and is left out; the longest has \d+\./,
  );
  const measured = await call('evaluate', 'taught', '--dataset', 'records', '--json');
  expect(measured.code, measured.stderr).toBe(0);
  expect(JSON.parse(measured.stdout)).toMatchObject({
    objective: 'answers',
    split: 'validation',
    familiarity: 'keptAside',
  });
  // Samples answer what a record that is kept aside asks.
  const { samples } = JSON.parse((await call('runs', 'show', 'taught', '--json')).stdout) as {
    samples: readonly { prompt: string }[];
  };
  expect(samples.length).toBeGreaterThan(0);
  for (const { prompt } of samples) expect(prompt).toMatch(/^u\d+\?a$/);
  // The model as it came, on the same records.
  const base = await call(
    'evaluate',
    join(place.folder, 'talks'),
    '--dataset',
    'records',
    '--objective',
    'answers',
    '--split',
    'validation',
    '--json',
  );
  expect(base.code, base.stderr).toBe(0);
  const lossOf = ({ stdout }: { readonly stdout: string }) => (JSON.parse(stdout) as { loss: number }).loss;
  expect(JSON.parse(base.stdout)).toMatchObject({ objective: 'answers', split: 'validation' });
  expect(lossOf(measured)).toBeLessThan(lossOf(base));
  const judged = await call(
    'evaluate',
    'taught',
    '--dataset',
    'records',
    '--against',
    '--questions',
    '3',
    '--json',
  );
  expect(judged.code, judged.stderr).toBe(0);
  const verdict = JSON.parse(judged.stdout) as Verdict;
  expect(verdict).toMatchObject({ model: 'taught@6', base: join(place.folder, 'talks'), records: 4 });
  expect(verdict.loss.base).toBeCloseTo(lossOf(base), 5);
  expect(verdict.loss.model).toBeCloseTo(lossOf(measured), 5);
  expect(verdict.loss.low).toBeLessThanOrEqual(verdict.loss.difference);
  expect(verdict.answers).toHaveLength(3);
  for (const { question, reference } of verdict.answers)
    expect(Number(reference)).toBe(Number(/\d+/.exec(question)?.[0]) + 1);
  const told = await call(
    'evaluate',
    'taught',
    '--dataset',
    'records',
    '--against',
    join(place.folder, 'talks'),
  );
  expect(told.stdout).toContain('Loss of the answers in 4 records kept aside');
  // Adapters beside the model, where nobody asks for anything else; what goes out is one model again.
  const checkpoint = join(place.project, 'runs', 'taught', 'checkpoints', 'step-00000006');
  expect(await readdir(checkpoint)).toContain('adapter_model.safetensors');
  const out = join(place.folder, 'out');
  const exported = await call('export', 'taught', '--format', 'safetensors', '--out', out);
  expect(exported.code, exported.stderr).toBe(0);
  expect(await readdir(out)).toEqual(expect.arrayContaining(['config.json', 'model.safetensors']));
  const written = async (model: string) =>
    (await call('generate', model, '--prompt', '3?', '--temperature', '0', '--max-tokens', '8')).stdout;
  expect(await written(out)).toBe(await written('taught'));
  expect((await call('verify')).stdout).toContain('Everything that has a hash is what was written.');
});

test('a run whose examples were deleted makes them again from the model that it began with, and has the same losses', async () => {
  await rm(join(place.project, 'tokens'), { recursive: true });
  const again = await train('again', 'talks');
  expect(again.code, again.stderr).toBe(0);
  const losses = async (run: string) =>
    (JSON.parse((await call('runs', 'show', run, '--json')).stdout) as { evaluations: { loss: number }[] })
      .evaluations;
  expect((await losses('again')).map(({ loss }) => loss)).toEqual(
    (await losses('taught')).map(({ loss }) => loss),
  );
});

test('the weights themselves learn where that is asked for, and adapters need a model to begin with', async () => {
  const whole = await train('whole', 'talks', '--method', 'full');
  expect(whole.code, whole.stderr).toBe(0);
  const checkpoint = join(place.project, 'runs', 'whole', 'checkpoints', 'step-00000006');
  expect(await readdir(checkpoint)).toContain('model.safetensors');
  const nothing = await call('train', '--preset', 'nano', '--dataset', 'records', '--method', 'lora');
  expect(nothing.code).not.toBe(0);
  expect(nothing.stderr).toContain('Adapters change what a model does that is there already');
});

test('a model that adapters were trained on is trained further, merged', async () => {
  const further = await call(
    'train',
    '--from',
    'taught',
    '--dataset',
    'records',
    '--objective',
    'answers',
    '--name',
    'further',
    ...small,
  );
  expect(further.code, further.stderr).toBe(0);
  const start = join(place.project, 'runs', 'further', 'start');
  expect(await readdir(start)).toContain('model.safetensors');
});

test('answers are learned by a model that holds conversations alone', async () => {
  const mute = await train('mute', 'mute');
  expect(mute.code).not.toBe(0);
  expect(mute.stderr).toContain('This model has no chat template');
  const nothing = await call(
    'train',
    '--preset',
    'nano',
    '--dataset',
    'records',
    '--objective',
    'answers',
    ...small,
  );
  expect(nothing.code).not.toBe(0);
  expect(nothing.stderr).toContain('teaches a model that is there already');
});
