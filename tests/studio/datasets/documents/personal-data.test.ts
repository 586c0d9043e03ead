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
    ['IP:2001:db8::1, Adresse:10.0.0.1/10.0.0.2', 'IP:[IP], Adresse:[IP]/[IP]'],
    ['030 1234567 / 0171 7654321', '[PHONE] / [PHONE]'],
    ['0171-1234567/0172-7654321', '[PHONE]/[PHONE]'],
    ['030 1234567/12, 030 1234567 - 0', '[PHONE], [PHONE]'],
    ['0171 1234567 0172 7654321', '[PHONE] [PHONE]'],
    ['01 40 20 05 09, 01 40 20 05 10', '[PHONE], [PHONE]'],
    ['01.40.20.05.09 and 01-40-20-05-10', '[PHONE] and [PHONE]'],
    ['+44 20 7946 0958 or +44 20 7946 0959', '[PHONE] or [PHONE]'],
    ['(555) 123-4567 / (555) 987-6543', '[PHONE] / [PHONE]'],
    ['555-123-4567/555-987-6543', '[PHONE]/[PHONE]'],
    ['1-800-555-1234, 1 (800) 555-1234', '[PHONE], [PHONE]'],
    ['Am 01.02.2023 0171 1234567', 'Am 01.02.2023 [PHONE]'],
    ['2023-02-01 0171 1234567', '2023-02-01 [PHONE]'],
    ['0171 1234567 01.02.2023', '[PHONE] 01.02.2023'],
    ['0171 1234567 2023-02-01', '[PHONE] 2023-02-01'],
    ['030 1234 567 am 01.02.23', '[PHONE] am 01.02.23'],
    ['Tel:0171 1234567 tel:+49301234567', 'Tel:[PHONE] tel:[PHONE]'],
    ['Tel.-Nr.:030/1234567, Tel.030 1234567', 'Tel.-Nr.:[PHONE], Tel.[PHONE]'],
    ['Meier,0171 1234567,Berlin', 'Meier,[PHONE],Berlin'],
    ['0171 1234567/12345678', '[PHONE]/12345678'],
    ['4111111111111111 5500000000000004', '[CARD] [CARD]'],
    ['4111 1111 1111 1111 5500 0000 0000 0004', '[CARD] [CARD]'],
    ['Row 12 4111 1111 1111 1111', 'Row 12 [CARD]'],
    ['Anna Maria and Anna met Annabel', '[NAME] and [NAME] met Annabel'],
  ])('masks what is in %j', (text, expected) => {
    expect(mask(text)).toBe(expected);
  });

  test.each([
    'On 2024-01-31 and 01.02.2024 at 12:30:45, 0.12345678 of 1,234,567.89',
    'user@localhost is no address, nor is @name or a@b',
    '999.999.999.999 and std::vector::iterator and 256.1.1.1',
    'From 01.02.2023-03.02.2023, 01.02.2023/05.02.2023 and 2023-01-02 to 2023-02-03',
    'At 12:0301234567 of 1.0301234567, 0.5 0.25 0.125',
    'Sums 12 4000 3200 1100 5400 7700 9100 and 2210 4432 1180 5600 7000',
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
    ['4 '.repeat(200_000), 'beginnings of cards'],
    ['0 '.repeat(200_000), 'beginnings of phone numbers'],
    ['0171/'.repeat(80_000), 'prefixes'],
    ['01.02.2023 '.repeat(40_000), 'dates'],
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

  test.each([
    ['(b)', '$10|$01|$00|$0|$1|$2|$12|$$1'],
    ['(b)(c)?', '<$2$1>'],
    ['(b)', '$<who>'],
    ['(?<who>b)', '$<who>$<whom>$<who'],
    [`${'()'.repeat(10)}(b)`, '$11$1$12$2'],
  ])('as an expression %j by %j does what JavaScript does', (expression, by) => {
    const text = 'abab abc';
    expect(replace(expression, by, { expression: true })(text)).toBe(
      text.replaceAll(new RegExp(expression, 'gimu'), by),
    );
  });

  test('ends where a text would grow beyond all bounds', () => {
    expect(() => replace('a', 'b'.repeat(1000))('a'.repeat(100_000))).toThrow(/longer than Loam can hold/);
  });
});
