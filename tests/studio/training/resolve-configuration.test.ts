import { describe, expect, test } from 'vitest';
import { parseAssignment } from '../../../src/main/hosts/cli/assignment.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import { configurationKeys } from '../../../src/shared/runs/configuration-keys.ts';
import { presets } from '../../../src/shared/models/registry.ts';
import {
  requirePreset,
  resolveConfiguration,
} from '../../../src/main/studio/training/resolve-configuration.ts';

const layer = (origin: string, values: unknown) => ({ origin, values });
const failure = (work: () => unknown): LoamError => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(LoamError);
    return error as LoamError;
  }
  throw new Error('It did not fail.');
};

describe('resolving a configuration', () => {
  test('later layers win over earlier ones, key by key', () => {
    const resolved = resolveConfiguration([
      layer('preset', { training: { batchSize: 8, seed: 1 }, model: { layers: 2 } }),
      layer('file', { training: { seed: 2 } }),
      parseAssignment('training.guard.action=warn'),
    ]);
    expect(resolved.training).toMatchObject({
      batchSize: 8,
      seed: 2,
      guard: { action: 'warn', lossSpike: 3 },
    });
    expect(resolved.model.layers).toBe(2);
  });

  test('every preset resolves, and resolving what was resolved changes nothing', () => {
    for (const preset of presets()) {
      const once = resolveConfiguration([layer(preset.name, preset.configuration)], 4);
      expect(resolveConfiguration([layer('again', once)], 64)).toEqual(once);
    }
  });

  test('threads are all cores but the free ones, at least one, unless a number is given', () => {
    const threads = (engine: object): number | undefined =>
      resolveConfiguration([layer('a', { engine })], 8).engine.threads;
    expect(threads({})).toBe(8);
    expect(threads({ freeCores: 3 })).toBe(5);
    expect(threads({ freeCores: 9 })).toBe(1);
    expect(threads({ freeCores: 3, threads: 2 })).toBe(2);
  });

  test('steps and minutes take each other’s place, and without either a run has 2000 steps', () => {
    const budget = (...layers: object[]) => {
      const { steps, minutes } = resolveConfiguration(
        layers.map((training) => layer('a', { training })),
      ).training;
      return { steps, minutes };
    };
    expect(budget()).toEqual({ steps: 2000 });
    expect(budget({ steps: 100 }, { minutes: 5 })).toEqual({ minutes: 5 });
    expect(budget({ minutes: 5 }, { steps: 100 })).toEqual({ steps: 100 });
    expect(budget({ minutes: 5, steps: 100 })).toEqual({ minutes: 5, steps: 100 });
  });

  test('an unknown key is refused with the nearest one, in a file and in an option', () => {
    expect(
      failure(() => resolveConfiguration([layer('model.json', { training: { learningrate: 1 } })])).message,
    ).toMatch(/model\.json.*'training\.learningrate'.*Did you mean training\.learningRate\?/);
    expect(failure(() => parseAssignment('model.hidenSize=3')).message).toContain(
      'Did you mean model.hiddenSize?',
    );
    // A key without its group.
    expect(failure(() => parseAssignment('steps=3')).message).toContain('Did you mean training.steps?');
    expect(failure(() => parseAssignment('steps')).message).toContain('key=value');
  });

  test('names that JavaScript objects have of themselves are unknown keys, and change nothing', () => {
    expect(failure(() => parseAssignment('__proto__.polluted=1')).kind).toBe('misuse');
    expect(
      failure(() => resolveConfiguration([layer('file', JSON.parse('{"__proto__": {"polluted": 1}}'))])).kind,
    ).toBe('misuse');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('a value that does not fit is told with its key, where it came from, and what the key means', () => {
    const error = failure(() =>
      resolveConfiguration([
        layer('preset', { model: { hiddenSize: 128 } }),
        parseAssignment('model.heads=5'),
      ]),
    );
    expect(error.message).toContain(
      'model.heads: 5 heads do not divide the hidden size 128. The nearest that do: 4 and 8.',
    );
    expect(error.message).toContain('--set model.heads');
    expect(error.kind).toBe('misuse');
    expect(failure(() => resolveConfiguration([parseAssignment('training.schedule=cosin')])).where).toBe(
      'training.schedule',
    );
    expect(failure(() => resolveConfiguration([layer('file', [])])).kind).toBe('misuse');
  });

  test('an assigned value is text where only text is valid, and JSON elsewhere', () => {
    expect(resolveConfiguration([parseAssignment('training.sample.prompt=12')]).training.sample.prompt).toBe(
      '12',
    );
    expect(resolveConfiguration([parseAssignment('training.sample.prompt=a=b')]).training.sample.prompt).toBe(
      'a=b',
    );
    expect(resolveConfiguration([parseAssignment('training.learningRate=1e-4')]).training.learningRate).toBe(
      1e-4,
    );
    expect(
      resolveConfiguration([parseAssignment('training.microBatchSize=auto')]).training.microBatchSize,
    ).toBe('auto');
    expect(resolveConfiguration([parseAssignment('model.tiedEmbeddings=false')]).model.tiedEmbeddings).toBe(
      false,
    );
  });

  test('a setting may have its earlier name in a file and in an option, and later layers win by either', () => {
    const modelType = (...layers: Parameters<typeof resolveConfiguration>[0]) =>
      resolveConfiguration(layers).model.modelType;
    const preset = layer('preset', { model: { modelType: 'gpt2' } });
    expect(modelType(preset, layer('model.json', { model: { style: 'llama' } }))).toBe('llama');
    expect(modelType(preset, parseAssignment('model.style=qwen2'))).toBe('qwen2');
    expect(
      modelType(layer('model.json', { model: { style: 'llama' } }), parseAssignment('model.modelType=gpt2')),
    ).toBe('gpt2');
    expect(failure(() => resolveConfiguration([parseAssignment('model.style=gpt5')]))).toMatchObject({
      where: 'model.modelType',
      message: expect.stringContaining('--set model.style') as string,
    });
  });

  test('both names of a setting with different values are refused with the file that has them', () => {
    const both = layer('model.json', { model: { style: 'llama', modelType: 'gpt2' } });
    const { where, message } = failure(() => resolveConfiguration([both]));
    expect(where).toBe('model.style');
    expect(message).toContain("'style' is the earlier name of 'modelType'");
    expect(message).toContain('model.json');
  });

  test('every key has a description', () => {
    expect(
      configurationKeys()
        .filter(({ description }) => description === '')
        .map(({ path }) => path),
    ).toEqual([]);
    expect(configurationKeys().length).toBeGreaterThan(40);
  });

  test('an unknown preset is refused with the nearest one', () => {
    expect(failure(() => requirePreset('nanno')).message).toContain('Did you mean nano?');
  });
});
