import { expect, test } from 'vitest';
import { noFilters, queryOf, type Filters } from '../../../../src/renderer/screens/data/filters.ts';
import { documentQuerySchema } from '../../../../src/shared/datasets/document.ts';

const sort = { by: 'position', descending: false } as const;
const query = (changes: Partial<Filters>, step?: number) => queryOf({ ...noFilters, ...changes }, sort, step);

test('without filters all documents are asked for', () => {
  expect(query({})).toEqual({ sort });
  expect(query({ search: '   ' })).toEqual({ sort });
});

test('each filter asks for its documents alone, together with the others', () => {
  expect(query({ mark: 'duplicate', search: 'pump', language: 'de' })).toEqual({
    search: 'pump',
    flags: ['duplicate'],
    languages: ['de'],
    sort,
  });
  expect(query({ mark: 'excluded', source: 'a.txt' })).toEqual({
    states: ['excluded'],
    sources: ['a.txt'],
    sort,
  });
  expect(query({ mark: 'short', low: 12 })).toEqual({ maximumCharacters: 12, sort });
  expect(query({ mark: 'long', high: 900 })).toEqual({ minimumCharacters: 900, sort });
});

test('a label of nothing stands for documents without one', () => {
  expect(query({ label: '' })).toEqual({ labels: [''], sort });
});

test('steps are counted from 1 by people and from 0 by the studio', () => {
  expect(query({}, 2)).toEqual({ excludedBy: 1, sort });
});

test('the studio accepts every query, however long the search', () => {
  for (const changes of [{ search: 'x'.repeat(5000) }, { mark: 'edited' }, { mark: 'empty' }] as const)
    expect(documentQuerySchema.safeParse(query(changes)).success).toBe(true);
});
