import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, type Ended, type Place } from '../hosts/cli/loam.ts';
import './register.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace(600, resolve(import.meta.dirname, 'loam.ts'));
  await place.call('init', place.project);
  await told('dataset', 'import', 'records', place.text);
});
afterAll(() => place.remove());

function done({ code, stdout, stderr }: Ended): string {
  expect(code, stderr).toBe(0);
  return stdout;
}

/** Runs a command in a process of the entry's, as its workers are. @returns what it says. */
const succeed = async (...words: string[]): Promise<string> =>
  done(await place.loam(...words, '--project', place.project));

/** Runs a command in this process, which knows the objective as the entry does, where it matters only what it says. */
const told = async (...words: string[]): Promise<string> =>
  done(await place.call(...words, '--project', place.project));

const settings = Object.entries({
  'model.contextLength': '16',
  'model.hiddenSize': '32',
  'model.layers': '1',
  'model.heads': '2',
  'tokenizer.kind': 'char',
  'training.steps': '40',
  'training.batchSize': '4',
  'training.microBatchSize': '4',
  'training.warmupSteps': '5',
  'training.evaluationInterval': '20',
  'training.sample.maximumTokens': '0',
  'engine.threads': '1',
}).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

describe('an objective that only the entry of a program registers, on the command line', () => {
  test('trains, is measured in its own figures, and is kept with the run', async () => {
    const words = ['train', '--dataset', 'records', '--preset', 'nano', ...settings];
    await succeed(...words, '--name', 'back', '--objective', 'previous-token');
    await succeed(...words, '--name', 'forth');
    const losses = async (run: string): Promise<readonly number[]> => {
      const { configuration, evaluations } = JSON.parse(await told('runs', 'show', run, '--json')) as {
        configuration: { objective: string };
        evaluations: { loss: number; perplexity: number }[];
      };
      expect(configuration.objective).toBe(run === 'back' ? 'previous-token' : 'next-token');
      for (const { loss, perplexity } of evaluations) expect(perplexity).toBeCloseTo(Math.exp(loss), 3);
      return evaluations.map(({ loss }) => loss);
    };
    expect(await losses('back')).not.toEqual(await losses('forth'));
  });

  test('measures what was trained by it, on any text', async () => {
    const measured = JSON.parse(
      await succeed('evaluate', 'back', '--dataset', 'records', '--json'),
    ) as object;
    expect(measured).toMatchObject({ objective: 'previous-token', run: 'back' });
    expect(await told('runs', 'compare', 'back', 'forth')).toContain('bits per byte');
  });

  test('is named among those that there are, where another is asked for', async () => {
    const { code, stderr } = await place.call(
      'train',
      '--dataset',
      'records',
      '--preset',
      'nano',
      '--objective',
      'previous-tokens',
      '--project',
      place.project,
    );
    expect(code).toBe(2);
    expect(stderr).toContain(
      'Did you mean previous-token? There are: next-token, answers, previous-token, labels.',
    );
  });
});
