import { expect, test } from 'vitest';
import {
  budgetChange,
  budgetIn,
  trainsNothing,
  usualBudget,
  withoutBudget,
} from '../../../../src/renderer/screens/run/branch-budget.ts';
import { parseConfiguration } from '../../../../src/shared/runs/configuration-schema.ts';

const parentWith = (training: object, steps?: number) => ({
  configuration: parseConfiguration({ training }),
  steps,
});
const parents = [
  ['so many steps', parentWith({ steps: 1000 }, 1000)],
  ['a time', parentWith({ minutes: 2 }, 1162)],
  ['neither, and no plan yet', parentWith({})],
] as const;

for (const [name, parent] of parents)
  for (const takes of ['everything', 'weights'] as const)
    for (const step of [0, 400, 1000, 1162, 5000])
      test(`A branch of a run that was given ${name} from step ${step} with ${takes} trains something as offered`, () => {
        const budget = usualBudget(parent, { step, takes });
        expect(trainsNothing(budget, { step, takes })).toBe(false);
        const sent = budgetChange(parent, budget);
        const planned = sent['training.steps'] ?? parent.configuration.training.steps ?? parent.steps;
        if (takes === 'everything' && budget.unit === 'steps') expect(planned).toBeGreaterThan(step);
      });

test('A branch from the middle keeps its parent’s budget and sends no change of it', () => {
  for (const parent of [parents[0][1], parents[1][1]])
    expect(budgetChange(parent, usualBudget(parent, { step: 400, takes: 'everything' }))).toEqual({});
});

test('Steps and minutes are one choice: what is sent names one of them', () => {
  const timed = parents[1][1];
  const begin = { step: 1162, takes: 'everything' } as const;
  expect(budgetChange(timed, usualBudget(timed, begin))).toEqual({ 'training.steps': 2324 });
  expect(budgetChange(timed, { unit: 'minutes', value: 7 })).toEqual({ 'training.minutes': 7 });
  const changes = { 'training.steps': 3000, 'model.dropout': 0.1 };
  expect(budgetIn(changes)).toEqual({ unit: 'steps', value: 3000 });
  expect(withoutBudget(changes)).toEqual({ 'model.dropout': 0.1 });
  expect(trainsNothing({ unit: 'steps', value: 1162 }, begin)).toBe(true);
});
