import { describe, expect, test } from 'vitest';
import {
  composeLabel,
  composeText,
  givesText,
  guessColumnMapping,
  type Fields,
} from '../../../src/shared/datasets/columns.ts';

const fields = (values: Readonly<Record<string, string>>): Fields => new Map(Object.entries(values));

describe('The roles of columns are guessed', () => {
  test.each([
    [['id', 'text', 'answer'], { id: 'ignored', text: 'text', answer: 'ignored' }],
    [['Ticket', 'Description', 'Category'], { Ticket: 'ignored', Description: 'text', Category: 'label' }],
    [['question', 'answer'], { question: 'instruction', answer: 'output' }],
    [['instruction', 'input', 'output'], { instruction: 'instruction', input: 'input', output: 'output' }],
  ])('for %j from their names', (columns, expected) => {
    expect(guessColumnMapping(columns)).toEqual(expected);
  });

  test('from the longest values where no name says it', () => {
    expect(
      guessColumnMapping(
        ['x', 'y'],
        new Map([
          ['x', ['1']],
          ['y', ['a long text']],
        ]),
      ),
    ).toEqual({
      x: 'ignored',
      y: 'text',
    });
  });
});

test('Instruction, input and output become one text with a heading each; empty ones have none', () => {
  const mapping = { q: 'instruction', c: 'input', a: 'output', l: 'label', x: 'ignored' } as const;
  expect(
    composeText(fields({ q: 'Why?', c: 'It rains.', a: 'Clouds.', l: 'weather', x: 'no' }), mapping),
  ).toBe('### Instruction:\nWhy?\n\n### Input:\nIt rains.\n\n### Response:\nClouds.');
  expect(composeText(fields({ q: 'Why?', c: '', a: 'Clouds.' }), mapping)).toBe(
    '### Instruction:\nWhy?\n\n### Response:\nClouds.',
  );
  expect(composeLabel(fields({ l: 'weather' }), mapping)).toBe('weather');
  expect(composeLabel(fields({ l: '' }), mapping)).toBeUndefined();
});

test('A mapping without text is known', () => {
  expect(givesText({ a: 'label', b: 'ignored' })).toBe(false);
  expect(givesText({ a: 'output' })).toBe(true);
});
