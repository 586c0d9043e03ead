import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

/**
 * The names of what is not finished. While `NAME` is written it is `.NAME.partial-RANDOM` beside its place; a folder that
 * it replaces is `.NAME.replaced-RANDOM` for the moment between two renames.
 */

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** What SQLite keeps beside a database that is written. */
const besideDatabase = '(?:-(?:wal|shm|journal))?';

/** The form that is written now, then those of earlier versions, whose leftovers may still lie about. */
const forms: readonly RegExp[] = [
  new RegExp(`^\\.(?<name>.+)\\.(?<state>partial|replaced)-[0-9a-f]{12}${besideDatabase}$`),
  /^\.(?<name>.+?)(?:~\d+)?\.(?<state>partial|replaced)-\d+-[0-9a-f]{8}$/,
  new RegExp(`^\\.(?<name>.+)\\.${uuid}\\.(?<state>partial)${besideDatabase}$`),
  /^(?<name>[0-9a-f]{64})\.(?<state>partial)-[A-Za-z0-9]{6}$/,
  /^(?<name>loam-version-\d+-[\dTZ-]+\.sqlite)\.(?<state>partial)-\d+$/,
];

/** What an unfinished thing will be called, or was called before it was replaced. */
export interface Unfinished {
  readonly name: string;
  readonly state: 'partial' | 'replaced';
}

/** @returns undefined for a name that is not of these forms */
export function parseUnfinished(entry: string): Unfinished | undefined {
  for (const form of forms) {
    const { name, state } = form.exec(entry)?.groups ?? {};
    if (name !== undefined) return { name, state: state === 'replaced' ? 'replaced' : 'partial' };
  }
  return undefined;
}

/** Whether a name is one that Loam gives to what is not finished. */
export function isUnfinishedName(name: string): boolean {
  return parseUnfinished(name) !== undefined;
}

/** What this process has under way. */
const underWay = new Set<string>();

/** Whether this process is at work on an unfinished thing. */
export function isUnderWay(path: string): boolean {
  return underWay.has(path);
}

/** Says that this process is done with an unfinished thing, whatever has become of it. */
export function finished(path: string): void {
  underWay.delete(path);
}

/** A hidden sibling of `path` for what is not finished, of a name that nobody else has. */
export function partialPath(path: string): string {
  return hiddenSibling(path, 'partial');
}

/** Where what is replaced lies for the moment between two renames. */
export function replacedPath(path: string): string {
  return hiddenSibling(path, 'replaced');
}

function hiddenSibling(path: string, state: Unfinished['state']): string {
  const sibling = join(dirname(path), `.${cut(basename(path))}.${state}-${randomBytes(6).toString('hex')}`);
  underWay.add(sibling);
  return sibling;
}

/** A file's name has at most 255 bytes on most systems, and the ending must stay whole. */
function cut(name: string): string {
  let rest = name;
  while (Buffer.byteLength(rest) > 220) rest = rest.slice(0, -1);
  return rest.toWellFormed();
}
