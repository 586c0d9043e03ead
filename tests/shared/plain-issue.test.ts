import { expect, test } from 'vitest';
import { z } from 'zod';
import { plainIssue } from '../../src/shared/plain-issue.ts';

const messageFor = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value, { error: plainIssue }).error?.issues[0]?.message;

test.each([
  [z.number(), 'many', 'It must be a number.'],
  [z.int().positive(), 1.5, 'It must be a whole number.'],
  [z.int().positive(), 0, 'It must be more than 0.'],
  [z.number().min(0).max(1), 2, 'It must be at most 1.'],
  [z.number().lt(1), 1, 'It must be less than 1.'],
  [z.boolean(), 'yes', 'It must be true or false.'],
  [z.enum(['cosine', 'linear']), 'cosin', 'It must be cosine or linear.'],
  [z.union([z.literal('auto'), z.int().positive()]), 'all', 'It must be auto, or a number.'],
  [z.strictObject({}), 4, 'It must be a group of settings: { … }.'],
])('what a value must be is said in plain words', (schema, value, words) => {
  expect(messageFor(schema, value)).toBe(words);
});

test('a message that the schema has itself is kept', () => {
  expect(messageFor(z.string().max(2, 'Two letters at most.'), 'abc')).toBe('Two letters at most.');
});
