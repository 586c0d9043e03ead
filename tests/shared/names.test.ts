import { expect, test } from 'vitest';
import { artefactNameSchema } from '../../src/shared/names.ts';

const isName = (name: string): boolean => artefactNameSchema.safeParse(name).success;

test.each(['reports-2024', 'v1.2_b', 'কাগজ', 'నివేదిక', 'รายงานที่', 'O\u0308l', 'two words', '7'])(
  '%s is a name',
  (name) => {
    expect(isName(name)).toBe(true);
  },
);

test.each(['', ' a', 'a ', 'a  b', 'a@5', 'a/b', 'a\tb', '\u0301a', '.a', 'a.', 'con', 'a\u202eb'])(
  '%j is none',
  (name) => {
    expect(isName(name)).toBe(false);
  },
);

test('A letter with its mark is the same name however it is written', () => {
  expect(artefactNameSchema.parse('O\u0308l')).toBe(artefactNameSchema.parse('Öl'));
});
