import { expect, test } from 'vitest';
import { architectureCards } from '../../../src/main/studio/models/architecture-cards.ts';
import { explainSetting, setArchitectures } from '../../../src/renderer/client/architectures.ts';
import { configurationKeys } from '../../../src/shared/runs/configuration-keys.ts';
import type { Term } from '../../../src/shared/teaching/term.ts';
import { allTerms } from '../../../src/shared/teaching/terms.ts';

setArchitectures(architectureCards());

/** One or a few sentences: a capital letter or digit at the beginning, a full stop at the end. */
const sentences = /^[\p{Lu}\d“].*[.!?]$/su;

function faultsOf({ name, what, larger, usual }: Term): readonly string[] {
  return [
    ...(name.length > 0 && name.length <= 40 && !name.endsWith('.') ? [] : [`its name is '${name}'`]),
    ...(sentences.test(what) ? [] : [`what it is, is no sentence: ${what}`]),
    ...(what.length <= 420 ? [] : ['what it is, is too long to read beside a figure']),
    ...(larger === undefined || sentences.test(larger) ? [] : [`what a larger value does: ${larger}`]),
    ...(usual === undefined || usual.endsWith('.') ? [] : [`what is usual: ${usual}`]),
  ];
}

test('every term has a name and says in plain sentences what it is', () => {
  const faults = [...allTerms].flatMap(([key, term]) => faultsOf(term).map((fault) => `${key}: ${fault}`));
  expect(faults).toEqual([]);
});

test('every setting of a run is explained by a name of its own, a sentence, and what is larger or usual', () => {
  const faults = configurationKeys().flatMap(({ path }) => {
    const term = explainSetting(path);
    if (term === undefined) return [`${path} is not explained`];
    return [
      ...faultsOf(term).map((fault) => `${path}: ${fault}`),
      ...(term.name === path ? [`${path} has no name in words`] : []),
      ...(term.larger === undefined && term.usual === undefined
        ? [`${path} does not say what is usual`]
        : []),
    ];
  });
  expect(faults).toEqual([]);
});

test('what is no setting is not explained', () => {
  expect(explainSetting('training.noSuchThing')).toBeUndefined();
});
