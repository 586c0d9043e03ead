import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isValidationDocument } from '../../../src/main/llm/data/document-split.ts';
import {
  createExampleSampler,
  exampleSamplerStateSchema,
} from '../../../src/main/llm/data/examples/example-sampler.ts';
import { openExamples, type ExampleDataset } from '../../../src/main/llm/data/examples/open-examples.ts';
import type { ExampleSplit } from '../../../src/main/llm/data/examples/open-part.ts';
import { writeExamples } from '../../../src/main/llm/data/examples/write-examples.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Example {
  readonly text: readonly number[];
  readonly label: number;
}

const columns = [
  { name: 'text', below: 70_000, values: 'many' },
  { name: 'label', below: 5, values: 'one' },
] as const;

async function write(
  examples: readonly Example[],
  {
    folder,
    signal,
    mode = 'auto',
  }: { folder?: string; signal?: AbortSignal; mode?: 'auto' | 'position' } = {},
): Promise<string> {
  const target = folder ?? path.join(await temporaryFolder(), 'examples');
  await writeExamples(
    {
      folder: target,
      form: 'numbers-1',
      tokenizerHash: 'none',
      columns,
      split: { mode, validationFraction: 0.1, seed: 1 },
      ...(signal === undefined ? {} : { signal }),
    },
    async (sink) => {
      for (const { text, label } of examples) {
        // In two pieces, as long documents come.
        await sink.append('text', text.slice(0, 3));
        await sink.append('text', text.slice(3));
        await sink.append('label', [label]);
        await sink.endExample(2 * text.length);
      }
      return { notes: ['One was left out.'] };
    },
  );
  return target;
}

const readAll = (part: ExampleSplit): readonly Example[] =>
  Array.from({ length: part.documents }, (_, example) => ({
    text: [...part.read('text', example)],
    label: part.read('label', example)[0]!,
  }));

const numbered = (count: number): readonly Example[] =>
  Array.from({ length: count }, (_, number) => ({
    text: Array.from({ length: number % 7 }, (_each, place) => number * 100 + place),
    label: number % 5,
  }));

async function opened(folder: string, use: (dataset: ExampleDataset) => void): Promise<void> {
  const dataset = await openExamples(folder, 'numbers-1');
  try {
    use(dataset);
  } finally {
    dataset.close();
  }
}

describe('examples on disk', () => {
  it('are read as they were written, each in the part that its number decides', async () => {
    const examples = numbered(64);
    await opened(await write(examples), ({ train, validation, index }) => {
      const kept = (number: number) => isValidationDocument(number, 0.1, 1);
      expect(readAll(train)).toEqual(examples.filter((_, number) => !kept(number)));
      expect(readAll(validation)).toEqual(examples.filter((_, number) => kept(number)));
      expect(train.bytes + validation.bytes).toBe(
        2 * examples.reduce((sum, { text }) => sum + text.length, 0),
      );
      expect(train.length('text', 3)).toBe(examples.filter((_, number) => !kept(number))[3]?.text.length);
      expect(index.notes).toEqual(['One was left out.']);
    });
  });

  it('of any number and length come back whole, with some and never all kept aside', async () => {
    const example = fc.record({
      text: fc.array(fc.nat(69_999), { maxLength: 9 }),
      label: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(example, { minLength: 2, maxLength: 40 }), async (examples) => {
        await opened(await write(examples), ({ train, validation }) => {
          expect(train.documents).toBeGreaterThan(0);
          expect(validation.documents).toBeGreaterThan(0);
          const sorted = (list: readonly Example[]) => list.map((each) => JSON.stringify(each)).toSorted();
          expect(sorted([...readAll(train), ...readAll(validation)])).toEqual(sorted(examples));
        });
      }),
      { numRuns: 15 },
    );
  });

  it('are the same bytes whenever the same ones are written', async () => {
    const [one, other] = [await write(numbered(30)), await write(numbered(30))];
    for (const file of (await readdir(one)).filter((name) => !name.startsWith('loam')))
      expect(await readFile(path.join(one, file))).toEqual(await readFile(path.join(other, file)));
    // And a folder that is there already serves.
    expect(await write(numbered(30), { folder: one })).toBe(one);
    await expect(write(numbered(31), { folder: one })).rejects.toThrow('Something else is already there.');
  });

  it('fewer than two are refused, with what was left out', async () => {
    await expect(write(numbered(1))).rejects.toThrow(/only one example.*One was left out/);
    await expect(write([])).rejects.toThrow('There are no examples');
  });

  it('cannot be cut by position', async () => {
    await expect(write(numbered(30), { mode: 'position' })).rejects.toThrow('a text would be cut in two');
  });

  it('leave nothing behind where the writing was stopped', async () => {
    const folder = await temporaryFolder();
    const signal = AbortSignal.abort();
    await expect(write(numbered(30), { folder: path.join(folder, 'examples'), signal })).rejects.toThrow(
      'was stopped',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('are refused when a file is changed, cut short or of another form', async () => {
    const changed = await write(numbered(30));
    const file = path.join(changed, 'train-label-00000.bin');
    const bytes = await readFile(file);
    bytes[0] = bytes[0]! ^ 1;
    await writeFile(file, bytes);
    await expect(openExamples(changed, 'numbers-1')).rejects.toThrow('do not match its hash');
    const cut = await write(numbered(30));
    await truncate(path.join(cut, 'train-text-ends-00000.bin'), 4);
    await expect(openExamples(cut, 'numbers-1')).rejects.toThrow('train-text-ends-00000.bin');
    await expect(openExamples(await write(numbered(30)), 'pairs-1')).rejects.toThrow('of the form numbers-1');
  });
});

describe('the order of examples', () => {
  it('gives each once in every pass, another order in each, and goes on from a saved state', () => {
    const sampler = createExampleSampler({ examples: 10, seed: 3 });
    const draw = (count: number) => Array.from({ length: count }, () => sampler.next());
    const [first, second] = [draw(10), draw(10)];
    expect(first.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(second.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(second).not.toEqual(first);
    draw(3);
    const state = exampleSamplerStateSchema.parse(JSON.parse(JSON.stringify(sampler.state())));
    const resumed = createExampleSampler({ examples: 10, seed: 3, state });
    expect(Array.from({ length: 9 }, () => resumed.next())).toEqual(draw(9));
    expect(() => createExampleSampler({ examples: 11, seed: 3, state })).toThrow('The saved place');
  });
});
