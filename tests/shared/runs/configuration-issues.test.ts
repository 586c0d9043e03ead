import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gptModelTypes } from '../../../src/shared/models/gpt-model-types.ts';
import { applyChanges, settingAt } from '../../../src/shared/runs/configuration-issue.ts';
import { configurationSchemaFor } from '../../../src/shared/runs/configuration-schema.ts';
import { findConfigurationIssues, type RunFacts } from '../../../src/shared/runs/configuration-issues.ts';
import { type RunConfigurationInput } from '../../../src/shared/runs/configuration.ts';
import { presets } from '../../../src/shared/models/registry.ts';

const rules = (configuration: unknown, facts?: RunFacts) =>
  findConfigurationIssues(configuration, facts).map(({ rule }) => rule);

describe('the issues of a run’s configuration', () => {
  it('finds none in any preset with enough text', () => {
    for (const { configuration } of presets())
      expect(
        findConfigurationIssues(configuration, {
          cores: 2,
          text: { bytes: 1e9, trainTokens: 3e8, counted: false },
        }),
      ).toEqual([]);
  });

  it('names the nearest heads that divide the width, and the nearest widths', () => {
    const [found] = findConfigurationIssues({ model: { hiddenSize: 128, heads: 5 } });
    expect(found).toMatchObject({ rule: 'headsDivideWidth', severity: 'error', path: 'model.heads' });
    expect(found?.corrections.map(({ label }) => label)).toEqual([
      '4 heads',
      '8 heads',
      'Hidden size 125',
      'Hidden size 130',
    ]);
  });

  it('offers only heads of even size where positions are rotary', () => {
    const [found] = findConfigurationIssues({ model: { modelType: 'llama', hiddenSize: 90, heads: 4 } });
    const heads = found?.corrections
      .flatMap(({ changes }) => changes)
      .filter(({ path }) => path === 'model.heads')
      .map(({ value }) => value);
    expect(heads).toEqual([3, 5]);
  });

  it('refuses a context that is longer than a text whose tokens were counted, and offers one that fits', () => {
    const text = { bytes: 900, trainTokens: 200, counted: true };
    const [found] = findConfigurationIssues({ tokenizer: { kind: 'char' } }, { text });
    expect(found).toMatchObject({
      rule: 'contextFitsText',
      severity: 'error',
      path: 'model.contextLength',
    });
    expect(found?.corrections[0]?.changes).toEqual([{ path: 'model.contextLength', value: 16 }]);
  });

  it('only warns of such a context while the tokens are an estimate that may be wrong', () => {
    const text = { bytes: 900, trainTokens: 200, counted: false };
    expect(findConfigurationIssues({ tokenizer: { kind: 'char' } }, { text })[0]?.severity).toBe('warning');
  });

  it('refuses a vocabulary that the text cannot fill, and does not mind it where the tokenizer exists', () => {
    const text = { bytes: 10_000, trainTokens: 4000, counted: false };
    const configuration: RunConfigurationInput = { tokenizer: { vocabularySize: 50257 } };
    expect(rules(configuration, { text })).toEqual(['vocabularyFitsText']);
    expect(rules(configuration, { text, tokenizerExists: true })).toEqual([]);
  });

  it('refuses a number of steps that ends before the first evaluation', () => {
    const [found] = findConfigurationIssues({
      training: { steps: 20, evaluationInterval: 250, warmupSteps: 0 },
    });
    expect(found).toMatchObject({ rule: 'budgetReachesEvaluation', severity: 'error' });
    expect(found?.corrections[0]).toEqual({
      label: 'Evaluate every 4 steps',
      changes: [{ path: 'training.evaluationInterval', value: 4 }],
    });
  });

  it('renames a misspelt setting and keeps its value', () => {
    const configuration = { training: { lerningRate: 0.01 } };
    const correction = findConfigurationIssues(configuration)[0]?.corrections[0];
    expect(applyChanges(configuration, correction?.changes ?? [])).toEqual({
      training: { learningRate: 0.01 },
    });
  });

  it('says of each value that does not fit which it is, and offers the limit and the default', () => {
    const found = findConfigurationIssues({
      model: { layers: 0, dropout: 2 },
      training: { schedule: 'sine' },
    });
    expect(found.map(({ path }) => path)).toEqual(['model.layers', 'model.dropout', 'training.schedule']);
    expect(found[1]?.corrections.map(({ label }) => label)).toEqual(['Use 0.9', 'Use the default']);
  });

  it('are not looked for among widths and heads that no computer could hold: each is refused by itself', () => {
    expect(
      rules({ model: { hiddenSize: Number.MAX_SAFE_INTEGER, heads: Number.MAX_SAFE_INTEGER - 1 } }),
    ).toEqual(['value', 'value']);
  });

  const size = fc.integer({ min: 1, max: 300 });
  const configurations: fc.Arbitrary<RunConfigurationInput> = fc.record({
    model: fc.record(
      {
        modelType: fc.constantFrom(...gptModelTypes),
        hiddenSize: size,
        heads: fc.integer({ min: 1, max: 40 }),
        keyValueHeads: fc.integer({ min: 1, max: 40 }),
        headSize: fc.integer({ min: 1, max: 65 }),
        contextLength: fc.integer({ min: 1, max: 2000 }),
        layers: fc.integer({ min: -2, max: 3 }),
        dropout: fc.double({ min: -1, max: 2, noNaN: true }),
      },
      { requiredKeys: ['hiddenSize', 'heads'] },
    ),
    tokenizer: fc.record({ vocabularySize: fc.integer({ min: 1, max: 60_000 }) }),
    training: fc.record(
      {
        steps: fc.integer({ min: 1, max: 500 }),
        batchSize: fc.integer({ min: 1, max: 64 }),
        microBatchSize: fc.integer({ min: 1, max: 64 }),
        evaluationInterval: fc.integer({ min: 1, max: 600 }),
        warmupSteps: fc.integer({ min: 0, max: 600 }),
        learningRate: fc.double({ min: 1e-6, max: 1, noNaN: true }),
        minimumLearningRate: fc.double({ min: 0, max: 1, noNaN: true }),
      },
      { requiredKeys: [] },
    ),
    engine: fc.record({ threads: fc.integer({ min: 1, max: 16 }) }, { requiredKeys: [] }),
  });
  const facts: fc.Arbitrary<RunFacts> = fc.record({
    cores: fc.integer({ min: 1, max: 8 }),
    text: fc.record({
      bytes: fc.integer({ min: 10, max: 1_000_000 }),
      trainTokens: fc.integer({ min: 2, max: 100_000 }),
      counted: fc.boolean(),
    }),
  });

  it('is rid of an issue by any of its corrections', () => {
    fc.assert(
      fc.property(configurations, facts, (configuration, held) => {
        for (const { rule, path, corrections } of findConfigurationIssues(configuration, held))
          for (const { label, changes } of corrections) {
            const left = findConfigurationIssues(applyChanges(configuration, changes), held);
            expect(
              left.some((other) => other.rule === rule && other.path === path),
              `${rule} at ${path} after '${label}'`,
            ).toBe(false);
          }
      }),
      { numRuns: 500 },
    );
  });

  it('refuses exactly what the schema of a run refuses, as far as the configuration alone decides', () => {
    const ownRules = new Set([
      'microBatchDividesBatch',
      'learningRateFalls',
      'budgetReachesEvaluation',
      'vocabularyHoldsBytes',
    ]);
    fc.assert(
      fc.property(configurations, (configuration) => {
        const refused = findConfigurationIssues(configuration).some(
          ({ rule, severity }) => severity === 'error' && !ownRules.has(rule),
        );
        expect(refused).toBe(!configurationSchemaFor(configuration).safeParse(configuration).success);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the configuration that it was given as it was', () => {
    const configuration = { model: { heads: 5 } };
    applyChanges(configuration, [{ path: 'model.heads' }, { path: 'training.steps', value: 3 }]);
    expect(configuration).toEqual({ model: { heads: 5 } });
    expect(settingAt(configuration, 'model.heads')).toBe(5);
    expect(settingAt(configuration, 'training.steps')).toBeUndefined();
  });
});
