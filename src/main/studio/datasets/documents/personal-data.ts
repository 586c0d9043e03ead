import type { PersonalData } from '../../../../shared/datasets/personal-data.ts';

/** A stretch of a text: from `start` to before `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds what looks like a kind of personal data, in order. Each pattern is bounded, so that the time goes by the length of
 * the text; numbers with a checksum are checked.
 */
export const findPersonalData: Readonly<Record<PersonalData, (text: string) => Iterable<Stretch>>> = {
  email: findEmails,
  iban: findIbans,
  card: findCards,
  ip: findAddresses,
  phone: findPhones,
};

/** The order in which kinds are looked for: what has a checksum goes before what is any row of digits. */
export const searchOrder: readonly PersonalData[] = ['email', 'iban', 'card', 'ip', 'phone'];

const insideMailbox = /[\p{L}\p{N}._%+-]/u;
const mailDomain = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/uy;
const longestMailbox = 128;

function* findEmails(text: string): Generator<Stretch> {
  let done = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    const limit = Math.max(done, at - longestMailbox);
    while (start > limit && insideMailbox.test(text.charAt(start - 1))) start -= 1;
    mailDomain.lastIndex = at + 1;
    if (start === at || !mailDomain.test(text)) continue;
    done = mailDomain.lastIndex;
    yield { start, end: done };
  }
}

/** Lengths of the International Bank Account Numbers of countries. */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 ' +
    'FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 ' +
    'LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 ' +
    'SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const ibanStart = /(?<![\p{L}\p{N}])[A-Za-z]{2}\d\d(?=[ \u00a0]?[A-Za-z0-9])/gu;

function* findIbans(text: string): Generator<Stretch> {
  for (const { 0: beginning, index: start } of text.matchAll(ibanStart)) {
    const length = ibanLengths[beginning.slice(0, 2).toUpperCase()];
    if (length === undefined) continue;
    let number = '';
    let end = start;
    while (number.length < length && end < text.length) {
      const sign = text.charAt(end);
      if (/[A-Za-z0-9]/.test(sign)) number += sign.toUpperCase();
      else if (!/[ \u00a0]/.test(sign) || !/[A-Za-z0-9]/.test(text.charAt(end + 1))) break;
      end += 1;
    }
    if (number.length === length && !/[\p{L}\p{N}]/u.test(text.charAt(end)) && isIban(number))
      yield { start, end };
  }
}

/** ISO 7064: with its first four signs at its end, and letters as numbers from 10, the rest by 97 is 1. */
function isIban(number: string): boolean {
  let rest = 0;
  for (const sign of number.slice(4) + number.slice(0, 4))
    for (const digit of Number.parseInt(sign, 36).toString()) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

const digitRow = /(?<![\p{L}\p{N}.,])\d(?:[ -]?\d){12,30}(?!\p{L})/gu;

/** A card's number as it is printed, or in one row. */
const printedCard = /^(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5})$/;

function* findCards(text: string): Generator<Stretch> {
  let from = 0;
  /** Within a row that began with something else only what is written as a card is one: any tenth number has the checksum. */
  let within = 0;
  for (let match = find(digitRow, text, from); match !== null; match = find(digitRow, text, from)) {
    const [row] = match;
    const start = match.index;
    const end = endOfCard(row, start < within);
    if (end > 0) yield { start, end: start + end };
    within = start + row.length;
    // What is behind it in the row may be another card.
    const gap = row.search(/[ -]/);
    from = start + (end > 0 ? end : gap > 0 ? gap + 1 : row.length);
  }
}

/** How much of the beginning of a row of digits is a card's number: the most that the checksum allows; 0 for none. */
function endOfCard(row: string, asPrinted: boolean): number {
  if (!/^[2-6]/.test(row)) return 0;
  for (
    let end = row.length;
    end >= 13;
    end = Math.max(row.lastIndexOf(' ', end - 1), row.lastIndexOf('-', end - 1))
  ) {
    const number = row.slice(0, end);
    if ((!asPrinted || printedCard.test(number)) && isCard(number.replaceAll(/\D/g, ''))) return end;
  }
  return 0;
}

/** The first match from a place on. */
function find(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

/** By Luhn's checksum, the first digit of networks, and not one digit over and over. */
function isCard(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || !/^[2-6]/.test(digits) || /^(\d)\1*$/.test(digits))
    return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const doubled = place % 2 === 1 ? 2 * digit : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const addresses = new RegExp(
  `(?<![\\p{L}\\p{N}.])(?:${byte}\\.){3}${byte}(?![\\p{L}\\p{N}]|\\.\\d)` +
    '|(?<![\\p{L}\\p{N}.]|(?<!\\p{L}):)(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\\p{L}\\p{N}:])',
  'gu',
);

function* findAddresses(text: string): Generator<Stretch> {
  for (const { 0: found, index: start } of text.matchAll(addresses))
    if (found.includes('.') || isVersionSix(found)) yield { start, end: start + found.length };
}

/** Eight groups, or fewer and one "::"; a time such as 12:30:45 is none. */
function isVersionSix(found: string): boolean {
  const halves = found.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (groups.includes('') || !/\d/.test(found)) return false;
  return halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
}

const phoneForms =
  '(?:(?:\\+|\\(?0|\\(\\+?\\d)[\\d() ./\\u00a0-]{4,22}\\d|(?:1[-. ])?\\d{3}[-. ]\\d{3}[-. ]\\d{4}|(?:1[-. ])?\\(\\d{3}\\) ?\\d{3}[-. ]\\d{4})(?![\\p{L}\\p{N}])';

/** Not within another number or word; a colon, full stop or comma may be the end of a word such as "Tel.:". */
const phones = new RegExp(`(?<![\\p{L}\\p{N}/+-]|(?<!\\p{L}\\.?)[.,:])${phoneForms}`, 'gu');
const phoneHere = new RegExp(phoneForms, 'uy');

/** What else begins with digits and dots: a date or a decimal number. */
const otherNumber =
  /(?:\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}-\d\d-\d\d|\d{4}\/\d\d\/\d\d)(?!\d|\1\d)|0\.\d+/y;

const digitsIn = (text: string): number => text.replaceAll(/\D/g, '').length;
const [fewestDigits, mostDigits] = [7, 15];

function* findPhones(text: string): Generator<Stretch> {
  let from = 0;
  /** Where another number may begin although what is before it speaks against it. */
  let another: number | undefined;
  for (;;) {
    const match = (another === undefined ? null : find(phoneHere, text, another)) ?? find(phones, text, from);
    another = undefined;
    if (match === null) return;
    const start = match.index;
    const other = find(otherNumber, text, start);
    if (other !== null) {
      from = start + other[0].length;
      continue;
    }
    const { length, next } = partOfPhone(text, start, match[0]);
    if (length === 0) {
      from = start + match[0].length;
      continue;
    }
    const end = start + length;
    yield { start, end };
    from = end;
    another = next ?? (/[/,]/.test(text.charAt(end)) ? end + 1 : undefined);
  }
}

/**
 * How much of what looks like a phone number is one: what it reads on to may be a date, or another number.
 * @returns a length of 0 for none, and where the other number begins.
 */
function partOfPhone(
  text: string,
  start: number,
  found: string,
): { readonly length: number; readonly next?: number } {
  let digits = 0;
  for (let at = 0; at < found.length; at++) {
    const sign = found.charAt(at);
    if (digits >= fewestDigits && /[\d(]/.test(sign) && /[^\d(]/.test(found.charAt(at - 1))) {
      const isDate = find(otherNumber, text, start + at) !== null;
      const another = isDate ? null : find(phoneHere, text, start + at);
      if (isDate) return { length: trimmedLength(found.slice(0, at)) };
      if (another !== null && digitsIn(another[0]) >= fewestDigits)
        return { length: trimmedLength(found.slice(0, at)), next: start + at };
    }
    if (/\d/.test(sign)) digits += 1;
  }
  let length = found.length;
  while (length > 0 && digitsIn(found.slice(0, length)) > mostDigits)
    length = found.slice(0, length).search(/[^\d]+\d*$/);
  return { length: length > 0 && digitsIn(found.slice(0, length)) >= fewestDigits ? length : 0 };
}

/** Without what parts it from the next. */
function trimmedLength(number: string): number {
  return number.search(/\D*$/);
}
