import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { writeFileAtomicallySync } from '../../llm/files/atomic-file.ts';
import { isUnwritable, openForReading } from '../store/open-for-reading.ts';
import { identityOfOlderProject } from '../store/project-identity.ts';
import { userFolder } from '../settings/user-folder.ts';
import { explainSystemError } from '../system-errors.ts';
import { projectPaths } from './paths.ts';
import { requireNoLinkedParts, requireNoLinksWithin } from './project-folder.ts';
import { readRecentFolders } from './recent-projects.ts';

/**
 * The projects that this person made here or agreed to open, each known by its place and by the identity in its store: a
 * project that was put in the place of a known one is asked about, and so is a copy in another place. A file for each, so
 * that processes do not wait for one another.
 */

const entrySchema = z.object({
  folder: z.string(),
  /** Null until the project was opened once: its store may be older than identities. */
  identity: z.uuid().nullable(),
});
type Entry = z.output<typeof entrySchema>;

/** How long another process's transaction is waited for, in milliseconds. */
const patience = 10_000;

const entriesFolder = (home = userFolder()): string => join(home, 'known-projects');

/** A project's place, whatever links lead to it. */
function placeOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function entryFile(place: string, home?: string): string {
  return join(entriesFolder(home), `${createHash('sha256').update(place).digest('hex').slice(0, 32)}.json`);
}

function readEntry(place: string): Entry | undefined {
  try {
    const entry = entrySchema.parse(JSON.parse(readFileSync(entryFile(place), 'utf8')));
    return entry.folder === place ? entry : undefined;
  } catch {
    // One that cannot be read is asked for again.
    return undefined;
  }
}

/**
 * Keeps that a project is known.
 * @param identity null where it is yet to be found out
 * @param home the person's folder
 * @throws LoamError when it cannot be written
 */
export function noteKnownProject(folder: string, identity: string | null, home?: string): void {
  if (home === undefined) takeOverRecentProjects();
  writeEntry({ folder: placeOf(folder), identity }, home);
}

function writeEntry(entry: Entry, home?: string): void {
  mkdirSync(entriesFolder(home), { recursive: true });
  writeFileAtomicallySync(entryFile(entry.folder, home), `${JSON.stringify(entry, null, 2)}\n`);
}

/** The same, where it is enough that it is kept the next time. */
export function tryToNoteKnownProject(folder: string, identity: string): void {
  try {
    noteKnownProject(folder, identity);
  } catch {
    // The person's folder is full or read-only.
  }
}

/**
 * Before this list there was one of recent projects: those on it were opened here by this person, and stay known. They are
 * taken over before anything else is noted, since a list that has begun is not begun again.
 * @returns their places, the first time and while the list cannot be begun
 */
function takeOverRecentProjects(): readonly string[] {
  if (existsSync(entriesFolder())) return [];
  const recent = readRecentFolders()
    .filter((folder) => existsSync(projectPaths(folder).store))
    .map(placeOf);
  try {
    for (const folder of recent) writeEntry({ folder, identity: null });
  } catch {
    // The person's folder is full or read-only.
  }
  return recent;
}

/**
 * Makes sure that a project is one that this person made or agreed to. Nothing of it is changed, and nothing in it is run.
 * @returns whether its identity is still to be noted, once it is open
 * @throws LoamError for any other, which says how to agree
 */
export function requireKnownProject(folder: string): { readonly isIdentityMissing: boolean } {
  const place = placeOf(folder);
  const takenOver = takeOverRecentProjects().includes(place);
  const entry = readEntry(place) ?? (takenOver ? { folder: place, identity: null } : undefined);
  if (entry === undefined)
    throw unknownProject(
      folder,
      'This project was not made here, or not by you: Loam has not opened it in this place before.',
    );
  if (entry.identity === null) return { isIdentityMissing: true };
  if (!mayBe(projectPaths(folder).store, entry.identity))
    throw unknownProject(folder, 'Another project has taken the place of the one that you know here.');
  return { isIdentityMissing: false };
}

/** What a project that is not known would do, for a person to decide on. */
function unknownProject(folder: string, what: string): LoamError {
  return new LoamError({
    kind: 'misuse',
    where: folder,
    what,
    remedy:
      'Nothing of it was changed or run. Once you agree, its store is brought up to date, what is unfinished in it is cleared away, and its queue goes on. Agree only if you know where it comes from.',
    action: { do: 'trustProject', folder },
  });
}

/**
 * Agrees to a project that comes from elsewhere. It is looked through for links first, since Loam would write where they
 * lead.
 * @throws LoamError when there is none, or it has a link in it
 */
export async function trustProject(folder: string): Promise<void> {
  if (!existsSync(projectPaths(folder).store))
    throw new LoamError({
      kind: 'misuse',
      where: folder,
      what: 'There is no Loam project here.',
      remedy: 'Name the folder of a project.',
    });
  await requireNoLinksWithin(folder);
  noteKnownProject(folder, null);
}

/** The row of a store of any version, of which nothing has been checked. */
interface ProjectRow {
  readonly name: string;
  readonly createdAt: string;
  readonly identity?: string | null;
}

/**
 * Whether a store may be the one of an identity. One that is gone or damaged is told of when it is opened.
 * @throws LoamError when it cannot be read now
 */
function mayBe(file: string, identity: string): boolean {
  requireNoLinkedParts(dirname(file));
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return true;
  let database: Database | undefined;
  try {
    database = openToRead(file);
    const row = database.prepare<[], ProjectRow>('SELECT * FROM project').get();
    if (row === undefined) return false;
    return (row.identity ?? identityOfOlderProject(row.name, row.createdAt)) === identity;
  } catch (error) {
    if (isDamaged(error)) return true;
    // A database without that table is none of Loam's.
    if (error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_ERROR') return false;
    throw explainSystemError(error, file) ?? error;
  } finally {
    database?.close();
  }
}

/** SQLite writes beside a store in WAL mode even to read it; where it cannot, the store is read as it is opened there. */
function openToRead(file: string): Database {
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true, timeout: patience });
  try {
    database.pragma('schema_version');
    return database;
  } catch (error) {
    database.close();
    if (!isUnwritable(error)) throw error;
    return openForReading(file, patience);
  }
}

function isDamaged(error: unknown): boolean {
  return (
    error instanceof SqliteDatabase.SqliteError &&
    (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'))
  );
}
