import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { openTokenShards } from '../../src/main/llm/data/token-shards.ts';
import { exportSafetensors } from '../../src/main/llm/export/safetensors-export.ts';
import { requireIntactFolder } from '../../src/main/llm/files/manifest.ts';
import { importModel } from '../../src/main/studio/checkpoints/import-model.ts';
import { readDatasetVersion } from '../../src/main/studio/datasets/dataset-rows.ts';
import { importDataset } from '../../src/main/studio/datasets/datasets.ts';
import { lookAtIndex } from '../../src/main/studio/datasets/documents/index-digest.ts';
import { requireUnchangedSources } from '../../src/main/studio/datasets/source-places.ts';
import { verifyProject } from '../../src/main/studio/integrity/verify-project.ts';
import { StopRequest } from '../../src/main/studio/processes/stop-request.ts';
import { trainRun } from '../../src/main/studio/training/train-run.ts';
import { createProject, openProject, type Project } from '../../src/main/studio/projects/projects.ts';
import { resolveConfiguration } from '../../src/main/studio/training/resolve-configuration.ts';
import { createRun } from '../../src/main/studio/training/create-run.ts';
import { openStore } from '../../src/main/studio/store/store.ts';
import { listTokenizerRows } from '../../src/main/studio/store/tokenizers.ts';
import { verifyStore } from '../../src/main/studio/store/verify-store.ts';
import { openTokenizer } from '../../src/main/studio/tokenizers/tokenizers.ts';
import { writeTinyModel } from '../studio/writing/tiny-model.ts';
import type { FaultFigures, FaultKind } from './figures.ts';
import { flipBit } from './flip-bit.ts';
import { below, oneOf, randomNumbers } from './random-numbers.ts';

/** What a flipped bit came to: told, without any effect on what is read, or neither. */
type Outcome = 'detected' | 'harmless' | 'silent';

/** A kind of file, of which one is taken at random for each flip. */
interface FlippedKind {
  readonly what: string;
  readonly files: readonly string[];
  /** Does with the file what the program does before it relies on it. */
  readonly use: (file: string) => Promise<Outcome>;
}

/**
 * Flips single bits in every kind of file of a small project, one at a time, and looks whether whoever uses the file is told.
 * @param flips for each kind of file
 */
export const flipFiles: FaultKind = async (flips, seed) => {
  const folder = mkdtempSync(join(tmpdir(), 'loam-flips-'));
  const home = process.env.LOAM_HOME;
  process.env.LOAM_HOME = join(folder, 'home');
  try {
    const project = await makeProject(folder);
    try {
      const figures: FaultFigures[] = [];
      for (const [number, kind] of kindsOf(project, folder).entries())
        figures.push(await flipKind(kind, flips, seed, number));
      return figures;
    } finally {
      project.close();
    }
  } finally {
    if (home === undefined) delete process.env.LOAM_HOME;
    else process.env.LOAM_HOME = home;
    rmSync(folder, { recursive: true, force: true });
  }
};

async function flipKind(
  { what, files, use }: FlippedKind,
  flips: number,
  seed: number,
  number: number,
): Promise<FaultFigures> {
  const random = randomNumbers(seed * 1009 + number);
  const counts = { flips, detected: 0, harmless: 0, silent: 0 };
  const failures: string[] = [];
  for (const file of files)
    if ((await use(file)) === 'detected')
      return { what, counts, failures: [`${file} is refused as it was written (seed ${seed})`] };
  for (let flip = 0; flip < flips; flip++) {
    const file = oneOf(random, files);
    const bit = below(random, 8 * statSync(file).size);
    await flipBit(file, bit);
    const outcome = await use(file);
    await flipBit(file, bit);
    counts[outcome] += 1;
    if (outcome === 'silent')
      failures.push(`bit ${bit} of ${file} went unnoticed (seed ${seed}, flip ${flip})`);
  }
  return { what, counts, failures };
}

/** A project with texts, a table with its index, a tokenizer, tokens, a run with checkpoints an imported model, its export and a backup. */
async function makeProject(folder: string): Promise<Project> {
  const target = join(folder, 'project');
  await createProject(target);
  const project = openProject(target);
  const texts = Array.from({ length: 60 }, (_, index) => `the tide came ${index} times to the pier`);
  writeFileSync(join(folder, 'tides.txt'), texts.join('\n'));
  writeFileSync(
    join(folder, 'tides.csv'),
    ['place,text', ...texts.map((text, at) => `bay ${at},${text}`)].join('\n'),
  );
  await importDataset(project, { name: 'plain', paths: [join(folder, 'tides.txt')] });
  await importDataset(project, { name: 'table', paths: [join(folder, 'tides.csv')] });
  const configuration = resolveConfiguration([
    {
      origin: 'the flips',
      values: {
        model: { contextLength: 16, hiddenSize: 16, layers: 1, heads: 2 },
        tokenizer: { kind: 'char' },
        training: { steps: 8, batchSize: 2, microBatchSize: 2, evaluationInterval: 4, checkpointInterval: 2 },
        engine: { threads: 1 },
      },
    },
  ]);
  await createRun(project, { name: 'first', baseName: 'first', dataset: 'table', configuration });
  await createRun(project, { name: 'second', baseName: 'second', dataset: 'plain', configuration });
  const stop = new AbortController();
  await trainRun(
    { project: target, run: 'first' },
    {
      signal: stop.signal,
      emit: (event) => {
        if (event.type === 'step' && event.metrics.step === 5) stop.abort(new StopRequest('requested'));
      },
    },
  );
  await writeTinyModel(join(folder, 'tiny'));
  await importModel(project, { folder: join(folder, 'tiny') });
  await exportSafetensors({
    modelFolder: project.paths.model('tiny'),
    outputFolder: join(project.paths.exports, 'tiny-safetensors'),
  });
  await project.store.backUp(new Date());
  return project;
}

function kindsOf(project: Project, scratch: string): readonly FlippedKind[] {
  const { paths, folder } = project;
  const below = (...names: readonly string[]): readonly string[] => {
    const place = join(folder, ...names);
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'verified.json')
      .map((entry) => join(entry.parentPath, entry.name));
  };
  const checkpoints = below('runs', 'first', 'checkpoints');
  const ending = (...endings: readonly string[]): readonly string[] =>
    checkpoints.filter((file) => endings.some((each) => file.endsWith(each)));
  const ofCheckpoint = (what: string, files: readonly string[]): FlippedKind => ({
    what,
    files,
    use: (file) => told(requireIntactFolder(/^.*step-\d+/.exec(file)?.[0] ?? '')),
  });
  const checkpointKinds = [
    ofCheckpoint('weights', ending('model.safetensors')),
    ofCheckpoint('moments', ending('optimizer.safetensors')),
    ofCheckpoint('state and record', ending('state.json', 'record.json', 'provenance.json')),
    ofCheckpoint(
      'configuration and tokenizer',
      ending('config.json', 'configuration.json', 'tokenizer.json'),
    ),
    ofCheckpoint('manifest', ending('manifest.json')),
  ];
  const [tokenizer] = listTokenizerRows(project.store);
  return [
    ...checkpointKinds,
    {
      what: 'imported model',
      files: below('models'),
      use: () => told(requireIntactFolder(paths.model('tiny'))),
    },
    {
      what: 'tokenizer',
      files: below('tokenizers', tokenizer?.name ?? ''),
      use: () => told(openTokenizer(project, tokenizer?.name ?? '')),
    },
    {
      what: 'tokens',
      files: below('tokens'),
      use: (file) =>
        told(openTokenShards(/^.*[0-9a-f]{64}/.exec(file)?.[0] ?? '').then((tokens) => tokens.close())),
    },
    {
      what: 'copies of sources',
      files: below('sources'),
      use: () =>
        told(
          (async () => {
            for (const id of [1, 2])
              await requireUnchangedSources(project, readDatasetVersion(project, id).sources);
          })(),
        ),
    },
    {
      what: 'index of documents',
      files: below('documents').filter((file) => file.endsWith('.sqlite')),
      use: useDatabase(async (file) => (await lookAtIndex(file)) === 'damaged'),
    },
    {
      what: 'export',
      files: below('exports'),
      use: checked(folder),
    },
    {
      what: 'configuration of a run',
      files: [join(paths.run('first'), 'configuration.json')],
      use: checked(folder),
    },
    {
      what: 'backup of the store',
      files: below('backups'),
      use: useDatabase((file) => isToldOfStore(file, 'backup')),
    },
    storeKind(paths.store, scratch),
    logKind(paths.store, scratch),
  ];
}

/** Whether work is refused by a sentence. */
async function told(work: Promise<unknown>): Promise<Outcome> {
  return work.then(
    () => 'silent',
    () => 'detected',
  );
}

/**
 * What other programs read, or a person: a check of the project finds it. A number that is written in another way (1e-8,
 * 1E-8) is the same.
 */
function checked(folder: string): FlippedKind['use'] {
  const original = new Map<string, string | undefined>();
  return async (file) => {
    const before = original.get(file);
    if (!original.has(file)) original.set(file, jsonOf(file));
    const { findings } = await verifyProject(folder);
    if (findings.length > 0) return 'detected';
    return before === undefined || jsonOf(file) !== before ? 'silent' : 'harmless';
  };
}

function jsonOf(file: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A bit that changes no row and no definition does no harm: it is on a free page, or in a place that SQLite does not use. */
function useDatabase(isTold: (file: string) => Promise<boolean>): FlippedKind['use'] {
  const original = new Map<string, string>();
  return async (file) => {
    const before = original.get(file);
    original.set(file, before ?? contentOf(file));
    if (await isTold(file)) return 'detected';
    return before === undefined || contentOf(file) === before ? 'harmless' : 'silent';
  };
}

/**
 * Tables in which another value does no harm: counts by which pages see that there is something new, which table has which
 * columns (it gets digests anew), and how many changes there were (fewer are told as a loss, more are not looked at).
 */
const harmlessTables = ['changes', 'digestedTables', 'storeState', 'sqlite_sequence'];

/** What can be read from a database, as text. */
function contentOf(file: string): string {
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    const schema = database
      .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name')
      .all();
    const tables = database
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all();
    const rows = tables
      .filter((name) => !harmlessTables.includes(name))
      .map((name) => database.prepare(`SELECT * FROM "${name}"`).raw().all());
    return JSON.stringify([schema, rows]);
  } finally {
    database.close();
  }
}

async function isToldOfStore(file: string, kind: 'store' | 'backup'): Promise<boolean> {
  try {
    const { structure, damaged } = await verifyStore(file, { kind });
    return structure.length > 0 || damaged.length > 0;
  } catch {
    return true;
  }
}

/** A copy of the store without a log. */
function storeKind(store: string, scratch: string): FlippedKind {
  const copy = join(scratch, 'store', 'loam.sqlite');
  const database = new SqliteDatabase(store);
  rmSync(join(scratch, 'store'), { recursive: true, force: true });
  cpSync(store, copy, { recursive: true });
  rmSync(copy);
  database.prepare('VACUUM INTO ?').run(copy);
  database.close();
  return {
    what: 'store',
    files: [copy],
    use: useDatabase((file) => isToldOfStore(file, 'store')),
  };
}

/** A store whose process was killed: its last changes are in the write-ahead log. */
function logKind(store: string, scratch: string): FlippedKind {
  const folder = join(scratch, 'killed');
  const killed = join(folder, 'loam.sqlite');
  cpSync(join(scratch, 'store', 'loam.sqlite'), killed, { recursive: true });
  const writer = openStore(killed, { mode: 'open' });
  for (let round = 0; round < 3; round++)
    writer.run(writer.query.updateTable('runs').set({ notes: `note ${round} `.repeat(200) }));
  const saved = join(scratch, 'saved');
  cpSync(folder, saved, { recursive: true });
  writer.close();
  const log = join(saved, 'loam.sqlite-wal');
  const place = join(scratch, 'opened');
  const openCopy = (): { readonly notes: unknown; readonly told: boolean } => {
    rmSync(place, { recursive: true, force: true });
    cpSync(saved, place, { recursive: true });
    // What a computer that was switched off leaves.
    rmSync(join(place, 'loam.sqlite-shm'), { force: true });
    try {
      const opened = openStore(join(place, 'loam.sqlite'), { mode: 'open' });
      try {
        const isTold = opened.lostChanges > 0 || opened.damagedBlocks().length > 0;
        return { notes: opened.all(opened.query.selectFrom('runs').select('notes')), told: isTold };
      } finally {
        opened.close();
      }
    } catch {
      return { notes: undefined, told: true };
    }
  };
  const whole = JSON.stringify(openCopy().notes);
  if (!existsSync(log)) throw new Error(`There is no log beside ${store}.`);
  return {
    what: 'write-ahead log',
    files: [log],
    use: async () => {
      const { notes, told: isTold } = openCopy();
      if (isTold) return 'detected';
      return JSON.stringify(notes) === whole ? 'harmless' : 'silent';
    },
  };
}
