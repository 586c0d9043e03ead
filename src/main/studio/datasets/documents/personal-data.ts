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

function* findCards(text: string): Generator<Stretch> {
  for (const { 0: row, index: start } of text.matchAll(digitRow)) {
    // A number behind it belongs to it only as far as the checksum says.
    for (let end = row.length; end >= 13; end = lastGap(row, end)) {
      if (!isCard(row.slice(0, end).replaceAll(/\D/g, ''))) continue;
      yield { start, end: start + end };
      break;
    }
  }
}

/** Where the digits before the last gap end; 0 where there is none. */
function lastGap(row: string, end: number): number {
  return Math.max(0, row.lastIndexOf(' ', end - 1), row.lastIndexOf('-', end - 1));
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
    '|(?<![\\p{L}\\p{N}:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\\p{L}\\p{N}:])',
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

const phones =
  /(?<![\p{L}\p{N}.,:/+-])(?:(?:\+|\(?0|\(\+?\d)[\d() ./\u00a0-]{4,22}\d|\d{3}[-. ]\d{3}[-. ]\d{4}|\(\d{3}\) ?\d{3}[-. ]\d{4})(?![\p{L}\p{N}])/gu;

function* findPhones(text: string): Generator<Stretch> {
  for (const { 0: found, index: start } of text.matchAll(phones)) {
    let end = found.length;
    const digits = (): number => found.slice(0, end).replaceAll(/\D/g, '').length;
    while (end > 0 && digits() > 15) end = lastGap(found, end);
    if (end === 0 || digits() < 7 || isOtherNumber(found)) continue;
    yield { start, end: start + end };
  }
}

/** A date or a decimal number. */
function isOtherNumber(found: string): boolean {
  return /^\d{1,2}([./-])\d{1,2}\1\d{2,4}(?!\d)/.test(found) || /^0[.]\d/.test(found);
}
