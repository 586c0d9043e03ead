import { expect, test } from 'vitest';
import { LoamError } from '../../src/shared/errors.ts';
import { explainSystemError } from '../../src/main/studio/system-errors.ts';

const systemError = (code: string): Error => Object.assign(new Error('raw'), { code, path: '/some/file' });

test.each([
  ['ENOSPC', 'disk is full'],
  ['EDQUOT', 'disk is full'],
  ['SQLITE_FULL', 'disk is full'],
  ['EROFS', 'not permitted'],
  ['EACCES', 'not permitted'],
  ['SQLITE_READONLY_DIRECTORY', 'not permitted'],
  ['SQLITE_BUSY', 'Another program'],
  ['SQLITE_CORRUPT_VTAB', 'damaged'],
  ['SQLITE_IOERR_WRITE', 'error in reading or writing'],
])('%s is said in words, with the file and what to do', (code, words) => {
  const explained = explainSystemError(systemError(code));
  expect(explained?.kind).toBe('environment');
  expect(explained?.message).toMatch(new RegExp(`^/some/file: .*${words}`));
  expect(explained?.remedy).not.toBe('');
});

test('an error for a person stays what it is, and a defect is not dressed up', () => {
  const account = new LoamError({ kind: 'input', what: 'So.', remedy: 'Do.' });
  expect(explainSystemError(account)).toBe(account);
  expect(explainSystemError(new TypeError('x is undefined'))).toBeUndefined();
  expect(explainSystemError(systemError('ERR_SOMETHING'))).toBeUndefined();
  expect(explainSystemError('a string')).toBeUndefined();
});
