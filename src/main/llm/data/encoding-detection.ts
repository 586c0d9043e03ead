import { analyse } from 'chardet';
import { readsLikeText } from './encoding-plausibility.ts';

/** Encoding names as the WHATWG Encoding Standard and so `TextDecoder` know them. */
export type EncodingName = string;

/** The encoding that a byte order mark at a file's start declares. */
export function encodingOfByteOrderMark(
  head: Uint8Array,
): 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32' | undefined {
  const starts = (...mark: readonly number[]): boolean => mark.every((byte, place) => head[place] === byte);
  if (starts(0xef, 0xbb, 0xbf)) return 'utf-8';
  if (starts(0xff, 0xfe, 0x00, 0x00) || starts(0x00, 0x00, 0xfe, 0xff)) return 'utf-32';
  if (starts(0xff, 0xfe)) return 'utf-16le';
  if (starts(0xfe, 0xff)) return 'utf-16be';
  return undefined;
}

/**
 * UTF-16 without a byte order mark, recognised by its NUL bytes: the high halves of Latin letters, digits, spaces and
 * line ends, so that nearly all of them lie in the odd places (little-endian) or in the even ones (big-endian).
 * @returns undefined where the NULs tell of something else, such as a binary file.
 */
export function utf16ByNulPattern(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  let even = 0;
  let odd = 0;
  for (let place = 0; place + 1 < head.length; place += 2) {
    if (head[place] === 0) even += 1;
    if (head[place + 1] === 0) odd += 1;
  }
  // Chinese or Japanese text has a NUL only in its spaces and line ends.
  const enough = head.length / 2 / 100;
  if (odd > enough && even * 20 < odd) return 'utf-16le';
  if (even > enough && odd * 20 < even) return 'utf-16be';
  return undefined;
}

/** Encodings that a statistical guess may name and that are settled by other means. */
const settledOtherwise = new Set([
  'utf-8',
  'ascii',
  'us-ascii',
  'utf-16le',
  'utf-16be',
  'utf-32le',
  'utf-32be',
]);
const leastConfidence = 10;

/** Encodings that `chardet` does not know, or confuses with one that it does. */
const alsoTried = ['koi8-u', 'ibm866', 'windows-874', 'macintosh', 'iso-8859-5', 'windows-1252'];

/**
 * Encodings that a sample of text may be in, likeliest first, by the frequency of byte sequences (`chardet`, after
 * Mozilla's and ICU's detectors), and some that it does not know. Only those in which the sample reads like text of some
 * language, and that `TextDecoder` can decode.
 */
export function likelyEncodings(sample: Uint8Array): readonly EncodingName[] {
  const likely = analyse(sample)
    .filter(({ confidence }) => confidence >= leastConfidence)
    .map(({ name }) => name.toLowerCase())
    .filter((name) => !settledOtherwise.has(name) && isDecodable(name))
    .map((name) => new TextDecoder(name).encoding);
  return [...new Set([...likely, ...alsoTried])].filter((encoding) => {
    const text = new TextDecoder(encoding).decode(sample, { stream: true });
    // The sample may begin in the middle of a character.
    return readsLikeText(sample.length < 8 ? text : text.slice(text.startsWith('\ufffd') ? 1 : 0));
  });
}

/** Whether text of seven-bit bytes is Japanese: it changes its alphabets by escape sequences (ISO-2022-JP, RFC 1468). */
export function isIso2022Japanese(head: Uint8Array): boolean {
  // ESC $ B, or ESC $ @ of the older standard, and a character of two bytes.
  return Buffer.from(head)
    .toString('latin1')
    .split('\u001b')
    .some((part) => /^\$[@B][!-~]{2}/.test(part));
}

function isDecodable(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}

/** Whether a byte is a control character that text does not hold (tab, line ends, form feed, backspace, escape do occur). */
export function isForeignControl(code: number): boolean {
  return code < 0x20 ? !(code >= 0x08 && code <= 0x0d) && code !== 0x1b && code !== 0x1a : code === 0x7f;
}
