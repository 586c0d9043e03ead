import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  configurationWithCurrentNames,
  currentPlace,
  takingEarlierNames,
  withCurrentNames,
} from '../../src/shared/models/earlier-names.ts';
import { resolveModelShape } from '../../src/shared/models/registry.ts';
import { findConfigurationKey } from '../../src/shared/runs/configuration-keys.ts';
import { findConfigurationIssues } from '../../src/shared/runs/configuration-issues.ts';
import { applyChanges } from '../../src/shared/runs/configuration-issue.ts';
import {
  parseConfiguration,
  runConfigurationJsonSchema,
} from '../../src/shared/runs/configuration-schema.ts';
import { parseShape } from '../../src/main/llm/models/registry.ts';

const names = { style: 'modelType' };

describe('an earlier name of a setting', () => {
  test('becomes the one of today at the same place, and gives way where both say the same', () => {
    expect(JSON.stringify(withCurrentNames({ a: 1, style: 'x', b: 2 }, names))).toBe(
      '{"a":1,"modelType":"x","b":2}',
    );
    expect(withCurrentNames({ style: 'x', modelType: 'x' }, names)).toEqual({ modelType: 'x' });
    expect(withCurrentNames({ style: 'x', modelType: 'y' }, names)).toEqual({ style: 'x', modelType: 'y' });
    expect(configurationWithCurrentNames({ model: { style: 'x' }, style: 1 }, names)).toEqual({
      model: { modelType: 'x' },
      style: 1,
    });
    for (const nothing of [undefined, null, 3, [{ style: 'x' }]])
      expect(withCurrentNames(nothing, names)).toBe(nothing);
  });

  test('is a name of a model’s setting alone', () => {
    expect(currentPlace('model.style', names)).toBe('model.modelType');
    for (const path of ['style', 'training.style', 'model.style.x', 'model.toString'])
      expect(currentPlace(path, names)).toBe(path);
  });

  test('leaves a schema as strict as it was', () => {
    const schema = takingEarlierNames(z.strictObject({ modelType: z.string() }), names);
    expect(schema.parse({ style: 'x' })).toEqual({ modelType: 'x' });
    expect(schema.safeParse({ style: 'x', shape: 1 }).error?.issues).toMatchObject([
      { code: 'unrecognized_keys', keys: ['shape'] },
    ]);
    expect(schema.safeParse({ style: 'x', modelType: 'y' }).error?.issues).toMatchObject([
      {
        path: ['style'],
        message: "'style' is the earlier name of 'modelType', and the two have different values.",
      },
    ]);
  });
});

describe('the model type of a GPT, which was called its style', () => {
  test('is read from configurations and shapes that call it so', () => {
    expect(parseConfiguration({ model: { style: 'llama' } })).toEqual(
      parseConfiguration({ model: { modelType: 'llama' } }),
    );
    const { model } = parseConfiguration({});
    const shape = resolveModelShape(model, { vocabularySize: 8 });
    expect(parseShape(shape)).toEqual(shape);
    const earlier: unknown = JSON.parse(JSON.stringify(shape).replace('"modelType"', '"style"'));
    expect(earlier).toHaveProperty('style');
    expect(parseShape(earlier)).toEqual(shape);
  });

  test('is offered by its name of today alone', () => {
    expect(findConfigurationKey('model.style')?.path).toBe('model.modelType');
    const schema = JSON.stringify(runConfigurationJsonSchema());
    expect(schema).toContain('"modelType"');
    expect(schema).not.toContain('"style"');
  });

  test('is refused by name where both names have different values, and either can be taken out', () => {
    const configuration = { model: { style: 'llama', modelType: 'gpt2' } };
    const [found, ...others] = findConfigurationIssues(configuration);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity: 'error', path: 'model.style' });
    expect(found?.corrections.map(({ label }) => label)).toEqual(['Take it out']);
    expect(applyChanges(configuration, found?.corrections[0]?.changes ?? [])).toEqual({
      model: { modelType: 'gpt2' },
    });
  });

  test('is held against the other settings where it is called so', () => {
    expect(
      findConfigurationIssues({ model: { style: 'llama', hiddenSize: 90, heads: 6 } }).map(
        ({ rule }) => rule,
      ),
    ).toEqual(['rotaryHeadSize']);
  });
});
