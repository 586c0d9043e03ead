import { describe, expect, it } from 'vitest';
import { parseJsonWithComments } from '../../../../src/shared/json-with-comments.ts';
import { findConfigurationIssues } from '../../../../src/shared/runs/configuration-issues.ts';
import { architectureCards } from '../../../../src/main/studio/models/architecture-cards.ts';
import { presets, setArchitectures } from '../../../../src/renderer/client/architectures.ts';
import {
  baseName,
  beginningOf,
  configurationText,
  fittingInterval,
  freshPlan,
  planOfRun,
  presetNamed,
  readPlan,
  withChanges,
  withMinutes,
  withObjective,
  withPreset,
  withPresetBudget,
  withSteps,
} from '../../../../src/renderer/screens/new-model/plan.ts';
import {
  lacksStartModel,
  withoutStart,
  withStart,
  withStartModel,
} from '../../../../src/renderer/screens/new-model/plan-start.ts';
import { likelyText } from '../../../../src/renderer/screens/new-model/text-size.ts';

setArchitectures(architectureCards());

const own = { path: 'model.layers', value: 3 };

describe('the plan of a new model', () => {
  it('begins with a preset that has no issue', () => {
    const plan = freshPlan('notes');
    expect(plan).toMatchObject({ dataset: 'notes', preset: 'nano', own: false, budget: 'preset' });
    expect(findConfigurationIssues(plan.configuration)).toEqual([]);
  });

  it('comes back from its text, and anything else is no plan', () => {
    const plan = withMinutes(freshPlan('notes'), 'hour', 60);
    expect(readPlan(JSON.stringify(plan))).toEqual(plan);
    for (const text of [null, '', '{', '{}', '[]', '{"preset":3}']) expect(readPlan(text)).toBeUndefined();
  });

  it('has a budget of steps or of minutes, never both', () => {
    const hour = withMinutes(freshPlan(), 'hour', 60).configuration.training;
    expect(hour).toMatchObject({ minutes: 60 });
    expect(hour).not.toHaveProperty('steps');
    const steps = withSteps(withMinutes(freshPlan(), 'hour', 60), 400).configuration.training;
    expect(steps).toMatchObject({ steps: 400 });
    expect(steps).not.toHaveProperty('minutes');
    expect(withPresetBudget(withMinutes(freshPlan(), 'hour', 60)).configuration).toEqual(
      presetNamed('nano').configuration,
    );
  });

  it('evaluates often enough in a short run, and as usual in a long one', () => {
    for (const count of [1, 2, 3, 7, 40, 999, 1000, 50_000]) {
      expect(fittingInterval(count, 250)).toBeLessThanOrEqual(count);
      expect(
        findConfigurationIssues(withSteps(freshPlan(), count).configuration).filter(
          ({ severity }) => severity === 'error',
        ),
      ).toEqual([]);
    }
    expect(fittingInterval(1000, 250)).toBe(250);
    expect(fittingInterval(100, 250)).toBe(20);
  });

  it('keeps the time that a person chose when another preset is chosen', () => {
    for (const { name } of presets()) {
      expect(withPreset(withMinutes(freshPlan(), 'night', 480), name)).toMatchObject({
        preset: name,
        budget: 'night',
        configuration: { training: { minutes: 480 } },
      });
      expect(withPreset(withSteps(freshPlan(), 77), name).configuration.training?.steps).toBe(77);
      expect(withPreset(freshPlan(), name).configuration).toEqual(presetNamed(name).configuration);
    }
  });

  it('changes the file that a person wrote along with the settings', () => {
    const text = '{\n  // mine\n  "model": { "layers": 4 }\n}\n';
    const changed = withChanges({ ...freshPlan(), configuration: { model: { layers: 4 } }, text }, [own]);
    expect(changed.text).toBe(text.replace('4', '3'));
    expect(parseJsonWithComments(changed.text ?? '', 'test')).toEqual(changed.configuration);
  });

  it('reads settings by the names that they had when it was kept, and changes them by those of today', () => {
    const earlier = { ...freshPlan('notes'), configuration: { model: { style: 'llama', layers: 4 } } };
    const plan = readPlan(JSON.stringify(earlier)) ?? freshPlan();
    expect(plan.configuration).toEqual({ model: { modelType: 'llama', layers: 4 } });
    const text = '{\n  // mine\n  "model": { "style": "llama", "layers": 4 }\n}\n';
    const changed = withChanges({ ...plan, text }, [{ path: 'model.modelType', value: 'gpt2' }]);
    expect(changed.configuration).toEqual({ model: { modelType: 'gpt2', layers: 4 } });
    expect(changed.text).toContain('// mine');
    expect(parseJsonWithComments(changed.text ?? '', 'test')).toEqual(changed.configuration);
  });

  it('writes the file anew where it was left in a state that cannot be read', () => {
    const changed = withChanges({ ...freshPlan(), text: '{ "model": ' }, [own]);
    expect(changed.text).toBeUndefined();
    expect(changed.configuration.model?.layers).toBe(3);
    expect(JSON.parse(configurationText(changed.configuration))).toEqual(changed.configuration);
  });

  it('takes over an earlier run, with the preset that is nearest and as many threads as there are now', () => {
    const run = { name: 'night', dataset: 'notes', tokenizer: 'notes-char' };
    const shake = presetNamed('shake').configuration;
    const as = planOfRun({ ...run, configuration: { ...shake, engine: { threads: 2 } } });
    expect(as).toMatchObject({
      ...run,
      name: '',
      from: 'night',
      preset: 'shake',
      own: false,
      budget: 'preset',
    });
    expect(as.configuration.engine).toEqual({});
    const deeper = planOfRun({
      ...run,
      configuration: {
        ...shake,
        model: { ...shake.model, layers: 8 },
        training: { ...shake.training, steps: 9 },
      },
    });
    expect(deeper).toMatchObject({ preset: 'shake', own: true, budget: 'steps' });
    expect(baseName(deeper)).toBe('model');
    expect(withPreset(deeper, 'nano')).not.toHaveProperty('from');
  });
});

describe('a plan that begins with a model', () => {
  const model = {
    reference: 'first@60',
    configuration: {
      model: { ...presetNamed('shake').configuration.model },
      training: { learningRate: 1e-4 },
    },
    parameters: 10_000,
    layerCount: 6,
    contextLength: 256,
    adjustable: ['model.dropout'],
    tokenizer: { vocabularySize: 300, name: 'words' },
  };
  const begun = withStartModel(withStart({ ...freshPlan('notes'), tokenizer: 'other' }), model);

  it('has the model’s settings and tokenizer, a name of its own, and comes back from its text', () => {
    expect(begun.configuration).toEqual(model.configuration);
    expect(begun).not.toHaveProperty('tokenizer');
    expect(baseName(begun)).toBe('tuned');
    expect(readPlan(JSON.stringify(begun))).toEqual(begun);
    expect(beginningOf(begun)).toMatchObject({ kind: 'model', name: 'first@60' });
  });

  it('lacks the model until one is chosen, and then goes back to the settings as they were', () => {
    const own = withChanges({ ...freshPlan('notes'), own: true }, [{ path: 'model.layers', value: 3 }]);
    expect(lacksStartModel(own)).toBe(false);
    expect(lacksStartModel(withStart(own))).toBe(true);
    expect(withoutStart(withStart(own))).toEqual(own);
    expect(lacksStartModel(begun)).toBe(false);
    expect(withoutStart(begun).configuration).toEqual(presetNamed('nano').configuration);
  });

  it('learns by adapters where the objective does it best so, at their usual rate, and goes back with it', () => {
    const answers: Parameters<typeof withObjective>[1] = {
      name: 'answers',
      task: 'generate',
      needs: ['conversation'],
      method: 'lora',
    };
    const adapting = withObjective(begun, answers);
    expect(adapting.configuration.training).toMatchObject({ method: 'lora', learningRate: 2e-4 });
    expect(beginningOf(adapting).configuration.training).toMatchObject({ learningRate: 2e-4 });
    const first = withStartModel(withObjective(freshPlan('notes'), answers), model);
    expect(first.configuration.training).toMatchObject({ method: 'lora', learningRate: 2e-4 });
    const own = withChanges(adapting, [{ path: 'training.learningRate', value: 3e-4 }]);
    const back = withObjective(own, { name: 'next-token', task: 'generate' });
    expect(back.configuration.training).toMatchObject({ learningRate: 3e-4 });
    expect(back.configuration.training).not.toHaveProperty('method');
    expect(withoutStart(first).configuration.training).not.toHaveProperty('method');
  });

  it('keeps the time and the objective that a person chose', () => {
    const hour = withMinutes(
      withChanges(freshPlan('notes'), [{ path: 'objective', value: 'next-token' }]),
      'hour',
      60,
    );
    expect(withStartModel(hour, model)).toMatchObject({
      budget: 'hour',
      configuration: { objective: 'next-token', training: { minutes: 60, learningRate: 1e-4 } },
    });
    expect(withPresetBudget(withStartModel(hour, model)).configuration.training).not.toHaveProperty(
      'minutes',
    );
  });

  it('is taken over from a run that began with one, and to be chosen anew where it is gone', () => {
    const run = { name: 'tuned-1', dataset: 'notes', tokenizer: 'words', configuration: model.configuration };
    expect(planOfRun(run, { model })).toMatchObject({ start: { model }, own: false, from: 'tuned-1' });
    expect(planOfRun(run, { model })).not.toHaveProperty('tokenizer');
    expect(lacksStartModel(planOfRun(run, {}))).toBe(true);
  });
});

describe('the text that is likely meant', () => {
  const dataset = (name: string, bytes: number, createdAt: string) => ({
    name,
    bytes,
    createdAt,
    hash: '',
    files: 1,
    steps: 0,
  });

  it('is the newest that is worth training on, else the newest', () => {
    const small = dataset('small', 5_000, '2026-03-03T00:00:00Z');
    const old = dataset('old', 5_000_000, '2026-01-01T00:00:00Z');
    const recent = dataset('recent', 200_000, '2026-02-02T00:00:00Z');
    expect(likelyText([old, small, recent])?.name).toBe('recent');
    expect(likelyText([small])?.name).toBe('small');
    expect(likelyText([])).toBeUndefined();
  });
});
