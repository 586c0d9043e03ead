import { expect, test } from 'vitest';
import { baselineLossOf, verdictOf } from '../../../../src/renderer/screens/evaluate/verdict.ts';
import { nextTokenDeclaration } from '../../../../src/main/llm/objectives/next-token/declaration.ts';

test.each([
  { loss: 3, bigramLoss: 4, verdict: 'muchBetter' },
  { loss: 3.7, bigramLoss: 4, verdict: 'better' },
  { loss: 3.95, bigramLoss: 4, verdict: 'noBetter' },
  { loss: 4.05, bigramLoss: 4, verdict: 'noBetter' },
  { loss: 4.5, bigramLoss: 4, verdict: 'worse' },
  { loss: null, bigramLoss: 4, verdict: undefined },
  { loss: 3, bigramLoss: null, verdict: undefined },
  { loss: 3, bigramLoss: 0, verdict: undefined },
])('a loss of $loss beside a count of $bigramLoss is $verdict', ({ loss, bigramLoss, verdict }) => {
  expect(verdictOf(loss, baselineLossOf({ figures: { bigramLoss } }, nextTokenDeclaration))).toBe(verdict);
});

test('there is no verdict where no baseline was measured, or the objective has none', () => {
  expect(baselineLossOf({ figures: {} }, nextTokenDeclaration)).toBeUndefined();
  const { baseline: _, ...withoutBaseline } = nextTokenDeclaration;
  expect(baselineLossOf({ figures: { bigramLoss: 4 } }, withoutBaseline)).toBeUndefined();
});
