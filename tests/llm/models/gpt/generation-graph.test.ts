import { describe, expect, test } from 'vitest';
import { evaluateGraph, toReal } from '../../../../src/main/llm/engines/reference/evaluate.ts';
import type { RealTensor } from '../../../../src/main/llm/graph/operators/declaration.ts';
import { buildGptGenerationGraph } from '../../../../src/main/llm/models/gpt/generation-graph.ts';
import { transformersFixtures, type TransformersFixture } from './transformers-fixtures.ts';

const cacheLength = 32;

/** Runs the generation graph in float64 on tokens after those in the cache. */
function stepper({ shape, weights }: TransformersFixture): (ids: readonly number[]) => Float64Array {
  const graph = buildGptGenerationGraph(shape, { cacheLength });
  const parameters = Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [name, toReal(tensor)]),
  );
  const integers = (dtype: 'int32' | 'int64', extents: readonly number[], values: readonly number[]) =>
    ({ dtype, shape: extents, data: Float64Array.from(values) }) as const;
  let cache: Readonly<Record<string, RealTensor>> = Object.fromEntries(
    graph.inputs
      .filter((input) => input.name.startsWith('past.'))
      .map(({ name, shape: symbols }) => {
        const extents = symbols.map(Number);
        // What lies in unused slots must not matter.
        const data = new Float64Array(extents.reduce((a, b) => a * b, 1)).fill(1e6);
        return [name, { dtype: 'float32', shape: extents, data }];
      }),
  );
  let cached = 0;
  return (ids) => {
    const results = evaluateGraph(graph, {
      ...parameters,
      ...cache,
      input_ids: integers('int64', [1, ids.length], ids),
      position_ids: integers(
        'int64',
        [1, ids.length],
        ids.map((_, index) => cached + index),
      ),
      total_length: integers('int32', [], [cached + ids.length]),
      sequence_lengths: integers('int32', [1], [cached + ids.length - 1]),
    });
    cache = Object.fromEntries(
      [...graph.aliases].map(([present, past]) => [past, results[present]!] as const),
    );
    cached += ids.length;
    return results['logits']!.data;
  };
}

const argmax = (logits: Float64Array): number => logits.indexOf(Math.max(...logits));

describe.each(transformersFixtures.map((fixture) => [fixture.modelType, fixture] as const))(
  'The generation graph of model type %s',
  (_, fixture) => {
    const { shape, expected, prompt, greedy } = fixture;

    test('goes on from a prompt as transformers’ greedy decoding does', () => {
      const step = stepper(fixture);
      let next = argmax(step(prompt));
      const written = [next];
      while (written.length < greedy.length) {
        next = argmax(step([next]));
        written.push(next);
      }
      expect(written).toEqual(greedy);
    });

    test('has the logits of transformers after a prefill and after every token that follows', () => {
      const ids = Array.from(expected['input_ids']!.data.subarray(0, 16), Number);
      const logits = toReal(expected['logits']!).data;
      const step = stepper(fixture);
      for (let length = 7; length <= 16; length++) {
        const own = step(length === 7 ? ids.slice(0, 7) : [ids[length - 1]!]);
        const golden = logits.subarray((length - 1) * shape.vocabularySize, length * shape.vocabularySize);
        own.forEach((logit, id) => expect(Math.abs(logit - golden[id]!)).toBeLessThan(2e-5));
      }
    });

    test('writes the new keys and values where the old ones lie', () => {
      const { aliases, outputs } = buildGptGenerationGraph(shape, { cacheLength });
      expect(outputs.map(({ name }) => name).toSorted()).toEqual(['logits', ...aliases.keys()].toSorted());
      expect(aliases.size).toBe(2 * shape.layers);
      for (const [present, past] of aliases) expect(past).toBe(present.replace('present.', 'past.'));
    });
  },
);
