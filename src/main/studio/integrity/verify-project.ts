import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { isFault, type Finding, type Verification } from '../../../shared/integrity/verification.ts';
import { digestFile, type ReadingFiles } from '../../llm/files/file-digest.ts';
import {
  describeFault,
  findFileFault,
  manifestPath,
  readManifest,
  type Manifest,
} from '../../llm/files/manifest.ts';
import { digestsOfShards, readTokenIndex } from '../../llm/data/token-shards.ts';
import { lookAtIndex } from '../datasets/documents/index-digest.ts';
import { projectPaths } from '../projects/paths.ts';
import { explainSystemError } from '../system-errors.ts';
import { describeStoreFindings } from './store-findings.ts';
import { verifyStore } from '../store/verify-store.ts';

export interface VerifyProgress {
  readonly stage: string;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface VerifyOptions {
  readonly onProgress?: (progress: VerifyProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads everything that a project keeps and compares it with the hashes that were kept when it was written. Nothing is
 * changed, and nothing is taken from memory. The store need not be sound: of a damaged one it is said, and the files are
 * looked at all the same.
 * @throws LoamError when there is no project in the folder; the signal's reason when that aborts.
 */
export async function verifyProject(folder: string, options: VerifyOptions = {}): Promise<Verification> {
  const { signal, onProgress } = options;
  const paths = projectPaths(folder);
  if (!existsSync(paths.store))
    throw new LoamError({
      kind: 'misuse',
      where: folder,
      what: 'There is no Loam project here.',
      remedy: 'Name the folder of a project with --project.',
    });
  const findings: Finding[] = [];
  let files = 0;
  let bytes = 0;
  let stage = 'the store';
  const totalBytes = await sizeOf(folder, ['loam.sqlite', ...verifiedFolders]);
  const reading: ReadingFiles = {
    onBytes: (count) => {
      bytes += count;
      onProgress?.({ stage, bytes: Math.min(bytes, totalBytes), totalBytes });
    },
    ...(signal === undefined ? {} : { signal }),
  };
  const place: Place = {
    folder,
    reading,
    report: (finding) => void findings.push(finding),
    countFile: () => {
      files += 1;
    },
    stored: (path) => relative(folder, path).split(sep).join('/'),
  };

  const store = lookAtStore(paths.store);
  findings.push(...store.findings);
  reading.onBytes?.((await stat(paths.store)).size);
  files += 1;
  const names = readNames(paths.store);
  for (const [name, look] of looks) {
    stage = name;
    signal?.throwIfAborted();
    await look(place, names);
  }
  return { files, bytes, rows: store.rows, findings };
}

/** Whether a verification found that something is not as it was. */
export const hasFaults = ({ findings }: Pick<Verification, 'findings'>): boolean => findings.some(isFault);

interface Place {
  readonly folder: string;
  readonly reading: ReadingFiles;
  readonly report: (finding: Finding) => void;
  readonly countFile: () => void;
  /** A path as findings tell it. */
  readonly stored: (path: string) => string;
}

const verifiedFolders = ['sources', 'tokenizers', 'documents', 'tokens', 'models', 'runs'];

type Look = (place: Place, names: Names) => Promise<void>;

/** What is looked at, under the name by which progress is told. */
const looks: readonly (readonly [string, Look])[] = [
  ['sources', verifySources],
  ['tokenizers', verifyTokenizers],
  ['indexes of documents', verifyIndexes],
  ['tokens', verifyTokens],
  ['imported models', verifyModels],
  ['checkpoints', verifyRuns],
];

function lookAtStore(file: string): { readonly rows: number; readonly findings: readonly Finding[] } {
  try {
    const verification = verifyStore(file);
    return { rows: verification.rows, findings: describeStoreFindings(file, verification) };
  } catch (error) {
    const explained = explainSystemError(error, file);
    return {
      rows: 0,
      findings: [
        {
          status: 'damaged',
          what: 'the store',
          path: 'loam.sqlite',
          detail: explained?.what ?? 'It cannot be read.',
          consequence:
            'Names, curves and recipes are in it. “loam restore” puts the newest backup in its place; sources and checkpoints are files of their own.',
        },
      ],
    };
  }
}

/** What the store calls things. Of a store that cannot be read nothing is known. */
const sourcesSchema = z.array(
  z.object({ hash: z.string(), name: z.string(), dataset: z.string(), keptAt: z.string().nullable() }),
);
const namesSchema = z.array(z.object({ name: z.string() }));
const checkpointsSchema = z.array(z.object({ run: z.string(), step: z.number(), folder: z.string() }));

interface Names {
  /** Sources that datasets need, with the names that they have there. */
  readonly sources: z.output<typeof sourcesSchema>;
  readonly tokenizers: readonly string[];
  readonly models: readonly string[];
  readonly checkpoints: z.output<typeof checkpointsSchema>;
}

function readNames(file: string): Names {
  let database: Database | undefined;
  try {
    database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  } catch {
    return { sources: [], tokenizers: [], models: [], checkpoints: [] };
  }
  const open = database;
  const rows = (sql: string): unknown => {
    try {
      return open.prepare(sql).all();
    } catch {
      return [];
    }
  };
  const parsed = <Row>(schema: z.ZodType<Row[]>, sql: string): Row[] =>
    schema.safeParse(rows(sql)).data ?? [];
  try {
    return {
      sources: parsed(
        sourcesSchema,
        `SELECT DISTINCT sourceHash AS hash, datasetSources.name, datasets.name AS dataset, keptAt
        FROM datasetSources JOIN datasets ON datasets.id = datasetId WHERE textsDeletedAt IS NULL`,
      ),
      tokenizers: parsed(namesSchema, 'SELECT name FROM tokenizers').map(({ name }) => name),
      models: parsed(namesSchema, 'SELECT name FROM importedModels').map(({ name }) => name),
      checkpoints: parsed(
        checkpointsSchema,
        'SELECT runs.name AS run, checkpoints.step, folder FROM checkpoints JOIN runs ON runs.id = runId',
      ),
    };
  } finally {
    open.close();
  }
}

async function verifySources(place: Place, { sources }: Names): Promise<void> {
  const folder = join(place.folder, 'sources');
  const usesOf = (hash: string): string => {
    const uses = sources.filter((source) => source.hash === hash);
    return uses.length === 0 ? '' : uses.map(({ name, dataset }) => `${name} of ${dataset}`).join(', ');
  };
  const present = new Set(await namesIn(folder));
  for (const hash of present) {
    if (!/^[0-9a-f]{64}$/.test(hash)) continue;
    place.countFile();
    if ((await digestFile(join(folder, hash), place.reading)).sha256 === hash) continue;
    const uses = usesOf(hash);
    place.report({
      status: 'damaged',
      what: `source ${uses === '' ? hash.slice(0, 12) : uses}`,
      path: `sources/${hash}`,
      detail: 'The copy no longer holds what was imported.',
      consequence:
        uses === ''
          ? 'No dataset needs it.'
          : 'Nothing can be learned from it. Import the original file again: its copy takes this one’s place. Models that were trained on it are not affected.',
    });
  }
  for (const { hash, name, dataset, keptAt } of sources) {
    if (present.has(hash)) continue;
    const what = `source ${name} of ${dataset}`;
    if (keptAt === null || !existsSync(keptAt)) {
      place.report({
        status: 'missing',
        what,
        path: keptAt ?? `sources/${hash}`,
        detail:
          keptAt === null
            ? 'The project’s copy is gone.'
            : 'The file was kept where it is, and is no longer there.',
        consequence:
          'Nothing can be learned from it until the original file is there again, or is imported again.',
      });
      continue;
    }
    place.countFile();
    if ((await digestFile(keptAt, place.reading)).sha256 !== hash)
      place.report({
        status: 'damaged',
        what,
        path: keptAt,
        detail: 'The file was kept where it is, and has changed since it was imported.',
        consequence: 'Put the old file back, or take it out of the dataset and add it as it is now.',
      });
  }
}

async function verifyTokenizers(place: Place, { tokenizers }: Names): Promise<void> {
  await verifyNamedFolders(place, 'tokenizers', tokenizers, {
    noun: 'tokenizer',
    consequence:
      'No text can be encoded with it. Its runs go on: every checkpoint has a tokenizer of its own, which can be imported from there.',
  });
}

async function verifyModels(place: Place, { models }: Names): Promise<void> {
  await verifyNamedFolders(place, 'models', models, {
    noun: 'model',
    consequence: 'Import it again from where it came.',
  });
}

async function verifyNamedFolders(
  place: Place,
  parent: string,
  known: readonly string[],
  { noun, consequence }: { readonly noun: string; readonly consequence: string },
): Promise<void> {
  const present = await namesIn(join(place.folder, parent));
  for (const name of present)
    await verifyFolder(place, join(place.folder, parent, name), { what: `${noun} ${name}`, consequence });
  for (const name of known)
    if (!present.includes(name))
      place.report({
        status: 'missing',
        what: `${noun} ${name}`,
        path: `${parent}/${name}`,
        detail: 'Its folder is gone.',
        consequence,
      });
}

async function verifyRuns(place: Place, { checkpoints }: Names): Promise<void> {
  const runs = join(place.folder, 'runs');
  const seen = new Set<string>();
  for (const run of await namesIn(runs)) {
    const parent = join(runs, run, 'checkpoints');
    for (const name of await namesIn(parent)) {
      const step = Number(/^step-(\d+)$/.exec(name)?.[1]);
      if (Number.isNaN(step)) continue;
      seen.add(`${run}@${step}`);
      await verifyFolder(place, join(parent, name), {
        what: `checkpoint ${run}@${step}`,
        consequence:
          'Nothing goes on from it, writes with it or is exported from it. The run resumes from an older checkpoint that is whole, and trains the steps since again.',
      });
    }
    if (existsSync(join(runs, run, 'start')))
      await verifyFolder(place, join(runs, run, 'start'), {
        what: `the checkpoint that ${run} began with`,
        consequence: 'The run goes on from its own checkpoints; without one it cannot begin anew.',
      });
  }
  for (const { run, step, folder } of checkpoints)
    if (!seen.has(`${run}@${step}`) && !existsSync(join(place.folder, folder)))
      place.report({
        status: 'missing',
        what: `checkpoint ${run}@${step}`,
        path: folder,
        detail: 'Its folder is gone.',
        consequence: 'The run resumes from another checkpoint, if it has one.',
      });
}

async function verifyTokens(place: Place): Promise<void> {
  const folder = join(place.folder, 'tokens');
  const repair = { kind: 'tokens', does: 'encodes the texts again' } as const;
  for (const hash of await namesIn(folder)) {
    const about = {
      what: `tokens ${hash.slice(0, 12)}`,
      consequence: 'They can be made again from the sources, to the same tokens.',
    };
    if (await verifyFolder(place, join(folder, hash), about, repair)) continue;
    let shards: Manifest;
    try {
      shards = digestsOfShards(await readTokenIndex(join(folder, hash)));
    } catch (error) {
      if (!(error instanceof LoamError)) throw error;
      if (existsSync(join(folder, hash)))
        place.report({
          status: 'damaged',
          path: `tokens/${hash}/index.json`,
          detail: error.what,
          ...about,
          repair,
        });
      continue;
    }
    await compareFiles(place, join(folder, hash), shards, about, repair);
  }
}

async function verifyIndexes(place: Place): Promise<void> {
  const folder = join(place.folder, 'documents');
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.sqlite')) continue;
    place.countFile();
    const state = await lookAtIndex(join(folder, name), place.reading);
    if (state === 'intact') continue;
    place.report({
      status: state === 'damaged' ? 'damaged' : 'unprotected',
      what: `index of documents ${name.slice(0, 12)}`,
      path: `documents/${name}`,
      detail:
        state === 'damaged'
          ? 'Its rows are not those that were written.'
          : 'It was made before Loam kept digests of indexes.',
      consequence: 'It can be made again from the sources.',
      repair: { kind: 'index', does: 'removes it; it is made again when its dataset is opened' },
    });
  }
}

interface About {
  readonly what: string;
  readonly consequence: string;
}

/** Compares all files of a folder with its manifest. @returns whether something in it is damaged or missing. */
async function verifyFolder(
  place: Place,
  folder: string,
  about: About,
  remake?: Finding['repair'],
): Promise<boolean> {
  const path = place.stored(folder);
  let manifest: Manifest | undefined;
  try {
    manifest = await readManifest(folder);
  } catch (error) {
    if (!(error instanceof LoamError)) throw error;
    place.report({
      status: 'damaged',
      path: `${path}/${manifestPath}`,
      detail: error.what,
      ...about,
      ...(remake === undefined ? {} : { repair: remake }),
    });
    return true;
  }
  if (manifest === undefined) {
    // A running training may have let it go since its name was read.
    if (!existsSync(folder)) return false;
    place.report({
      status: 'unprotected',
      what: about.what,
      path,
      detail:
        'It has no list of its files’ hashes: it was made before Loam kept them, or by another program.',
      consequence: 'A file in it that changes is not noticed.',
      repair: { kind: 'manifest', does: 'takes its files as they are now and keeps their hashes' },
    });
    return false;
  }
  return compareFiles(place, folder, manifest, about, remake);
}

/** Compares files of a folder with their digests. @returns whether one is damaged or missing. */
async function compareFiles(
  place: Place,
  folder: string,
  files: Manifest,
  about: About,
  remake?: Finding['repair'],
): Promise<boolean> {
  let found = false;
  for (const [name, expected] of files) {
    const fault = await findFileFault(folder, name, expected, place.reading);
    // It may have been let go of as a whole.
    if (fault === 'missing' && !existsSync(folder)) return found;
    place.countFile();
    if (fault === undefined) continue;
    found = true;
    place.report({
      status: fault === 'missing' ? 'missing' : 'damaged',
      path: `${place.stored(folder)}/${name}`,
      detail: describeFault(fault),
      ...about,
      ...(remake === undefined ? {} : { repair: remake }),
    });
  }
  return found;
}

/** The names in a folder that are not hidden, in order; none where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).toSorted();
}

async function sizeOf(folder: string, names: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    if (!found.isDirectory()) {
      bytes += found.size;
      continue;
    }
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []))
      if (entry.isFile())
        bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
