import { describe, expect, test } from 'vitest';
import { rewriteOf } from '../../../../src/main/studio/datasets/documents/rewrite.ts';
import { personalData } from '../../../../src/shared/datasets/personal-data.ts';

const mask = rewriteOf({ kind: 'maskPersonalData', what: [...personalData], names: ['Anna', 'Anna Maria'] });

describe('Masking personal data', () => {
  test.each([
    ['Write to anna.meier+x@mail.example.org.', 'Write to [EMAIL].'],
    ['<jörg@bücher.example>, a@b.de', '<[EMAIL]>, [EMAIL]'],
    ['IBAN DE89 3704 0044 0532 0130 00 AND MORE', 'IBAN [IBAN] AND MORE'],
    ['gb82west12345698765432', '[IBAN]'],
    ['Card 4111 1111 1111 1111, 5500-0000-0000-0004', 'Card [CARD], [CARD]'],
    ['from 192.168.0.17: and 2001:db8::8a2e:370:7334', 'from [IP]: and [IP]'],
    ['+49 (0)30 1234-5678 or 030/1234567', '[PHONE] or [PHONE]'],
    ['call (555) 123-4567 or 555-123-4567 now', 'call [PHONE] or [PHONE] now'],
    ['Anna Maria and Anna met Annabel', '[NAME] and [NAME] met Annabel'],
  ])('masks what is in %j', (text, expected) => {
    expect(mask(text)).toBe(expected);
  });

  test.each([
    'On 2024-01-31 and 01.02.2024 at 12:30:45, 0.12345678 of 1,234,567.89',
    'user@localhost is no address, nor is @name or a@b',
    '999.999.999.999 and std::vector::iterator and 256.1.1.1',
    'Order 123456, part 12-34, room 301',
    'anna',
  ])('leaves %j as it is', (text) => {
    expect(mask(text)).toBe(text);
  });

  test('checks the checksums of accounts and cards', () => {
    const numbers = 'DE12 3704 0044 0532 0130 00 and 4111 1111 1111 1112';
    expect(rewriteOf({ kind: 'maskPersonalData', what: ['iban', 'card'], names: [] })(numbers)).toBe(numbers);
  });

  test('masks only what is chosen, and tells of each place', () => {
    const places: string[] = [];
    const chosen = rewriteOf({ kind: 'maskPersonalData', what: ['ip'], names: [] });
    expect(
      chosen('a@b.de 10.0.0.1 10.0.0.2', ({ what, text, start, end }) =>
        places.push(`${what} ${text.slice(start, end)}`),
      ),
    ).toBe('a@b.de [IP] [IP]');
    expect(places).toEqual(['ip 10.0.0.1', 'ip 10.0.0.2']);
  });

  test.each([
    ['a'.repeat(400_000), 'letters'],
    ['a@'.repeat(200_000), 'signs of addresses'],
    ['a.'.repeat(200_000), 'dots'],
    ['1 '.repeat(200_000), 'digits'],
    ['(0) '.repeat(100_000), 'brackets'],
    [':1'.repeat(200_000), 'colons'],
    ['DE12'.repeat(100_000), 'beginnings of accounts'],
    [`${'a'.repeat(120)}@`.repeat(3000), 'mailboxes'],
    [`x@${'a'.repeat(60)}.`.repeat(5000), 'domains'],
  ])('takes time by the length of a text, whatever it is made of (%#)', (text) => {
    const begun = performance.now();
    mask(text);
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});

describe('Replacing a text', () => {
  const replace = (text: string, by: string, options: object = {}) =>
    rewriteOf({ kind: 'replaceText', text, by, matchCase: false, expression: false, ...options });

  test('takes the text as it is written, whatever signs it has', () => {
    expect(replace('a.(b) $1', '$& \\n')('A.(B) $1, aXb')).toBe('$& \\n, aXb');
    expect(replace('A', 'b', { matchCase: true })('aA')).toBe('ab');
    expect(replace('-- \nAcme GmbH', '')('Hello\n-- \nACME GmbH')).toBe('Hello\n');
  });

  test('as an expression knows groups, names, the ends of lines and escapes', () => {
    const expression = { expression: true };
    expect(replace('(\\d+)-(\\d+)', '$2/$1 $$ $9', expression)('12-34')).toBe('34/12 $ $9');
    expect(replace('^(?<who>\\w+):', '<$<who>>\\n\\t\\\\', expression)('a: 1\nb: 2')).toBe(
      '<a>\n\t\\ 1\n<b>\n\t\\ 2',
    );
    expect(replace('x', '[$&]', expression)('aXb')).toBe('a[X]b');
  });

  test('ends where a text would grow beyond all bounds', () => {
    expect(() => replace('a', 'b'.repeat(1000))('a'.repeat(100_000))).toThrow(/longer than Loam can hold/);
  });
});
