import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { LoamError, type ErrorAction } from '../../../shared/errors.ts';
import { readAll } from '../files/atomic-file.ts';
import { fileError } from '../files/file-errors.ts';
import {
  encodingOfByteOrderMark,
  isForeignControl,
  isIso2022Japanese,
  likelyEncodings,
  utf16ByNulPattern,
  type EncodingName,
} from './encoding-detection.ts';
import { signatureOf } from './file-signatures.ts';
import { decodeFile, readChunks, undecodable, type ReadingOptions } from './text-decoding.ts';
import { createUtf8Surveyor, type Utf8Survey } from './utf8-survey.ts';

/** What a text file is, found out from its bytes. */
export interface TextFileInspection {
  /** As `TextDecoder` takes it. */
  readonly encoding: EncodingName;
  /** Size of the file. */
  readonly bytes: number;
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string;
}

const sampleBytes = 2 ** 16;
/** More control characters than this share, and it is no text. */
const controlShare = 0.01;

/**
 * Finds out a text file's encoding, reading it in chunks: by its byte order mark; UTF-16 by the pattern of its NULs;
 * UTF-8 when all of it is valid; else the likeliest legacy encoding in which all of it can be decoded. A file that is
 * mostly valid UTF-8 and in places not is damaged, and refused rather than guessed at.
 * @param label the name by which errors call the file.
 * @throws LoamError for an empty, blank or binary file, and one that cannot be decoded, with the byte offset.
 */
export async function inspectTextFile(
  path: string,
  label: string = path,
  { encoding: chosen, ...options }: InspectTextOptions = {},
): Promise<TextFileInspection> {
  const survey = await surveyFile(path, label, options);
  const { bytes, sha256, head } = survey;
  if (bytes === 0) throw emptyFile(label);
  requireNoOtherFormat(head, label);
  if (survey.blank)
    throw refused(label, 'The file holds nothing but blanks.', 'Import a file that has text in it.');
  if (chosen !== undefined) await decodeWhole(path, label, chosen);
  return { encoding: chosen ?? (await findEncoding(path, label, survey)), bytes, sha256 };
}

export interface InspectTextOptions extends ReadingOptions {
  /** The encoding that somebody says the file is in; it is only tried. Default: it is found out. */
  readonly encoding?: EncodingName | undefined;
}

/** The beginning of a text file. */
export interface TextHead {
  readonly encoding: EncodingName;
  /** Size of the whole file. */
  readonly bytes: number;
  /** What it begins with, decoded; not whole, it ends with a whole line where it has one. */
  readonly text: string;
  /** Whether `text` is all that the file holds. */
  readonly whole: boolean;
}

/**
 * Looks at the beginning of a text file, whatever its size. What is found holds for the beginning alone: the rest may
 * still turn out to be no text.
 * @throws LoamError for an empty, blank or binary file, and one whose encoding is not recognised.
 */
export async function inspectTextHead(
  path: string,
  label: string,
  headBytes: number,
  chosen?: EncodingName,
): Promise<TextHead> {
  const { bytes, head } = await readHead(path, label, headBytes);
  const whole = bytes === head.length;
  if (whole) {
    const { encoding } = await inspectTextFile(path, label, { encoding: chosen });
    return { encoding, bytes, text: decodeHead(head, encoding), whole };
  }
  requireNoOtherFormat(head, label);
  const encoding = chosen ?? encodingOfHead(head, label);
  const text = decodeHead(head, encoding);
  return { encoding, bytes, text: text.slice(0, text.lastIndexOf('\n') + 1 || text.length), whole };
}

/**
 * Refuses what its first bytes show to be no text, before a large file is copied and read to its end.
 * @throws LoamError for an empty or binary file: what `inspectTextFile` would refuse as well.
 */
export async function requireTextBeginning(
  path: string,
  label: string,
  chosen?: EncodingName,
): Promise<void> {
  const { bytes, head } = await readHead(path, label, sampleBytes);
  if (bytes === 0) throw emptyFile(label);
  requireNoOtherFormat(head, label);
  if (chosen !== undefined) return;
  const marked = encodingOfByteOrderMark(head);
  if (marked === 'utf-32') throw inUtf32(label);
  if (marked !== undefined) return;
  const nul = head.indexOf(0);
  if (nul >= 0 && utf16ByNulPattern(head) === undefined) throw binary(label, nul);
  const control = nul >= 0 ? undefined : firstOfManyControls(head);
  if (control !== undefined) throw binary(label, control);
}

async function readHead(
  path: string,
  label: string,
  headBytes: number,
): Promise<{ readonly bytes: number; readonly head: Uint8Array }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const head = new Uint8Array(Math.min(size, headBytes));
      const length = await readAll(file, head, 0);
      return { bytes: Math.max(size, length), head: head.subarray(0, length) };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, label);
  }
}

function decodeHead(head: Uint8Array, encoding: EncodingName): string {
  return new TextDecoder(encoding).decode(head, { stream: true });
}

function encodingOfHead(head: Uint8Array, label: string): EncodingName {
  const marked = encodingOfByteOrderMark(head);
  if (marked === 'utf-32') throw inUtf32(label);
  if (marked !== undefined) return marked;
  const nul = head.indexOf(0);
  if (nul >= 0) {
    const guessed = utf16ByNulPattern(head);
    if (guessed === undefined) throw binary(label, nul);
    return guessed;
  }
  const control = firstOfManyControls(head);
  if (control !== undefined) throw binary(label, control);
  const characters = head.subarray(0, wholeCharacters(head));
  if (isUtf8(characters)) return isIso2022Japanese(head) ? 'iso-2022-jp' : 'utf-8';
  const surveyor = createUtf8Surveyor();
  surveyor.push(characters);
  const { firstInvalid = 0, invalid, multibyte } = surveyor.finish();
  if (multibyte > invalid) throw undecodable(label, 'utf-8', firstInvalid);
  const [likeliest] = likelyEncodings(head.subarray(Math.max(0, firstInvalid - sampleBytes / 8)));
  if (likeliest === undefined) throw unrecognised(label, firstInvalid);
  return likeliest;
}

async function findEncoding(
  path: string,
  label: string,
  { head, firstNul, utf8 }: FileSurvey,
): Promise<EncodingName> {
  const marked = encodingOfByteOrderMark(head);
  if (marked === 'utf-32') throw inUtf32(label);
  if (marked === 'utf-16le' || marked === 'utf-16be') {
    await decodeWhole(path, label, marked);
    return marked;
  }
  if (firstNul !== undefined) {
    const guessed = utf16ByNulPattern(head);
    if (guessed === undefined || !(await decodesCleanly(path, label, guessed))) throw binary(label, firstNul);
    return guessed;
  }
  const control = firstOfManyControls(head);
  if (control !== undefined) throw binary(label, control);
  if (utf8)
    return isIso2022Japanese(head) && (await decodesCleanly(path, label, 'iso-2022-jp'))
      ? 'iso-2022-jp'
      : 'utf-8';

  const { firstInvalid = 0, invalid, multibyte } = await surveyUtf8(path, label);
  if (marked === 'utf-8' || multibyte > invalid) throw undecodable(label, 'utf-8', firstInvalid);
  for (const encoding of likelyEncodings(await sampleAround(path, label, firstInvalid))) {
    if (await decodesCleanly(path, label, encoding)) return encoding;
  }
  throw unrecognised(label, firstInvalid);
}

interface FileSurvey {
  readonly bytes: number;
  readonly sha256: string;
  readonly head: Uint8Array;
  readonly firstNul: number | undefined;
  readonly blank: boolean;
  readonly utf8: boolean;
}

/** Length of a byte order mark that is passed over in looking for blanks; that of UTF-16 only where nothing follows: its letters may have bytes like blanks. */
function markLength(beginning: Uint8Array): number {
  const marked = encodingOfByteOrderMark(beginning);
  if (marked === 'utf-8') return 3;
  return marked !== undefined && beginning.length === 2 ? 2 : 0;
}

/** One pass over the bytes, at the speed of the native checks. */
async function surveyFile(path: string, label: string, options: ReadingOptions): Promise<FileSurvey> {
  const hash = createHash('sha256');
  const head = new Uint8Array(sampleBytes);
  let bytes = 0;
  let firstNul: number | undefined;
  let blank = true;
  let utf8 = true;
  let unfinished = new Uint8Array(0); // the bytes of a character that the next chunk completes
  for await (const chunk of readChunks(path, label, options)) {
    hash.update(chunk);
    if (bytes < sampleBytes) head.set(chunk.subarray(0, sampleBytes - bytes), bytes);
    if (firstNul === undefined && chunk.includes(0)) firstNul = bytes + chunk.indexOf(0);
    if (blank) blank = !chunk.subarray(bytes === 0 ? markLength(chunk) : 0).some((byte) => byte > 0x20);
    if (utf8) {
      const joined = unfinished.length === 0 ? chunk : Buffer.concat([unfinished, chunk]);
      const whole = wholeCharacters(joined);
      utf8 = isUtf8(joined.subarray(0, whole));
      unfinished = joined.slice(whole);
    }
    bytes += chunk.length;
  }
  utf8 &&= unfinished.length === 0;
  return {
    bytes,
    sha256: hash.digest('hex'),
    head: head.subarray(0, Math.min(bytes, sampleBytes)),
    firstNul,
    blank,
    utf8,
  };
}

/** Length without the bytes of a UTF-8 sequence that is cut off at the end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

async function surveyUtf8(path: string, label: string): Promise<Utf8Survey> {
  const surveyor = createUtf8Surveyor();
  for await (const chunk of readChunks(path, label)) surveyor.push(chunk);
  return surveyor.finish();
}

/** The stretch of the file in which the first byte beyond ASCII stands: there the encoding shows. */
async function sampleAround(path: string, label: string, offset: number): Promise<Uint8Array> {
  const sample = new Uint8Array(sampleBytes);
  const start = Math.max(0, offset - sampleBytes / 8);
  let position = 0;
  let filled = 0;
  for await (const chunk of readChunks(path, label)) {
    const part = chunk.subarray(
      Math.max(0, start - position),
      Math.max(0, start - position) + sampleBytes - filled,
    );
    sample.set(part, filled);
    filled += part.length;
    position += chunk.length;
    if (filled === sampleBytes) break;
  }
  return sample.subarray(0, filled);
}

/** Decodes everything, for the error alone. */
async function decodeWhole(path: string, label: string, encoding: EncodingName): Promise<void> {
  for await (const text of decodeFile(path, label, encoding)) void text;
}

/** Whether everything can be decoded and gives text: nearly no control characters, none of the C1 range. */
async function decodesCleanly(path: string, label: string, encoding: EncodingName): Promise<boolean> {
  let controls = 0;
  let characters = 0;
  try {
    for await (const text of decodeFile(path, label, encoding)) {
      characters += text.length;
      for (let place = 0; place < text.length; place++) {
        const code = text.charCodeAt(place);
        if (isForeignControl(code) || (code >= 0x80 && code < 0xa0)) controls += 1;
      }
    }
  } catch (error) {
    if (error instanceof LoamError && error.kind === 'input') return false;
    throw error;
  }
  return controls <= characters * controlShare;
}

/** Offset of the first control character, when there are too many of them for text. */
function firstOfManyControls(head: Uint8Array): number | undefined {
  const controls = head.reduce((sum, byte) => sum + (isForeignControl(byte) ? 1 : 0), 0);
  return controls > head.length * controlShare ? head.findIndex(isForeignControl) : undefined;
}

function requireNoOtherFormat(head: Uint8Array, label: string): void {
  const signature = signatureOf(head);
  if (signature !== undefined)
    throw refused(label, `This is ${signature.name}, not plain text (byte offset 0).`, signature.remedy);
}

function emptyFile(label: string): LoamError {
  return refused(label, 'The file is empty.', 'Import a file that has text in it.');
}

function inUtf32(label: string): LoamError {
  return refused(label, 'The file is in UTF-32 (byte offset 0).', 'Save it as UTF-8 and import that.');
}

function unrecognised(label: string, firstInvalid: number): LoamError {
  return refused(
    label,
    `The encoding is not recognised: the byte at offset ${firstInvalid} is no valid UTF-8, and it reads like text in no other encoding.`,
    'Choose its encoding, or save it as UTF-8 with the program that it comes from.',
    { do: 'chooseReading', choice: 'encoding' },
  );
}

function binary(label: string, offset: number): LoamError {
  return refused(
    label,
    `This is a binary file, not text (byte offset ${offset}).`,
    'Import plain text; save documents of other programs as text (UTF-8) first. If it is text in UTF-16, choose that encoding.',
    { do: 'chooseReading', choice: 'encoding' },
  );
}

function refused(label: string, what: string, remedy: string, action?: ErrorAction): LoamError {
  return new LoamError({
    kind: 'input',
    what,
    where: label,
    remedy,
    ...(action === undefined ? {} : { action }),
  });
}
