import { describe, expect, test } from 'vitest';
import { architectureCards } from '../../../../src/main/studio/models/architecture-cards.ts';
import { setArchitectures } from '../../../../src/renderer/client/architectures.ts';
import { freshPlan, withChanges, withPreset } from '../../../../src/renderer/screens/new-model/plan.ts';
import { withPreferredTokenizer } from '../../../../src/renderer/screens/new-model/preferred-tokenizer.ts';
import type { TokenizerSummary } from '../../../../src/shared/tokenizers/tokenizer.ts';

setArchitectures(architectureCards());

const tokenizer = (
  name: string,
  dataset: string | undefined,
  createdAt: string,
  kind: TokenizerSummary['kind'] = 'bpe',
): TokenizerSummary => ({
  name,
  kind,
  vocabularySize: 3000,
  hash: 'a'.repeat(64),
  folder: `tokenizers/${name}`,
  createdAt,
  ...(dataset === undefined ? {} : { dataset }),
});

const tokenizers = [
  tokenizer('older', 'letters', '2026-01-01T00:00:00.000Z'),
  tokenizer('newer', 'letters', '2026-02-01T00:00:00.000Z'),
  tokenizer('of-characters', 'letters', '2026-03-01T00:00:00.000Z', 'char'),
  tokenizer('imported', undefined, '2026-04-01T00:00:00.000Z'),
  tokenizer('of-reports', 'reports', '2026-05-01T00:00:00.000Z'),
];
const preferred = (plan: Parameters<typeof withPreferredTokenizer>[0]) =>
  withPreferredTokenizer(plan, tokenizers).tokenizer;

describe('the tokenizer of a plan', () => {
  test('is the newest that was learnt from its text', () => {
    expect(preferred(freshPlan('letters'))).toBe('newer');
    expect(preferred(freshPlan('reports'))).toBe('of-reports');
    expect(preferred(withPreset(freshPlan('letters'), 'shake'))).toBe('newer');
  });

  test('is learnt where there is none of this text', () => {
    expect(preferred(freshPlan('tickets'))).toBeUndefined();
    expect(preferred(freshPlan())).toBeUndefined();
  });

  test('is what a person chose, be it that one is learnt', () => {
    expect(preferred({ ...freshPlan('letters'), tokenizer: 'imported', tokenizerChosen: true })).toBe(
      'imported',
    );
    expect(preferred({ ...freshPlan('letters'), tokenizerChosen: true })).toBeUndefined();
  });

  test('is another where the plan asks for characters or for a size of its own', () => {
    expect(preferred(withPreset(freshPlan('letters'), 'shakespeare-char'))).toBeUndefined();
    const own = withChanges(freshPlan('letters'), [{ path: 'tokenizer.vocabularySize', value: 700 }]);
    expect(preferred(own)).toBeUndefined();
  });
});
