import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acceptFindings } from '../../../src/main/studio/integrity/accept-findings.ts';
import { repairProject } from '../../../src/main/studio/integrity/repair-project.ts';
import { verifyStore } from '../../../src/main/studio/store/verify-store.ts';
import { hasFaults, verifyProject } from '../../../src/main/studio/integrity/verify-project.ts';
import { importModel } from '../../../src/main/studio/checkpoints/import-model.ts';
import { exportSafetensors } from '../../../src/main/llm/export/safetensors-export.ts';
import { digestFile } from '../../../src/main/llm/files/file-digest.ts';
import { verificationSchema } from '../../../src/shared/integrity/verification.ts';
import { flipBit } from '../../faults/flip-bit.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';
import { writeTinyModel } from '../writing/tiny-model.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
  await prepareRuns(place, ['first']);
  await writeTinyModel(join(place.folder, 'tiny'));
  await importModel(place.project, { folder: join(place.folder, 'tiny') });
});
afterEach(() => place.remove());

const verify = () => verifyProject(place.project.folder);

it('a whole project has nothing to tell of; all of its files and rows are read', async () => {
  let told = 0;
  const verification = await verifyProject(place.project.folder, {
    onProgress: ({ bytes, totalBytes }) => {
      expect(bytes).toBeLessThanOrEqual(totalBytes);
      told = bytes;
    },
  });
  expect(verificationSchema.parse(verification).findings).toEqual([]);
  expect(verification.files).toBeGreaterThan(8);
  expect(verification.rows).toBeGreaterThan(5);
  expect(told).toBe(verification.bytes);
  const stopped = new Error('stopped');
  await expect(verifyProject(place.project.folder, { signal: AbortSignal.abort(stopped) })).rejects.toBe(
    stopped,
  );
});

it('says what is damaged and what is lost with it, makes tokens again and leaves the rest', async () => {
  const { project } = place;
  const [source = ''] = await readdir(join(project.folder, 'sources'));
  const [tokens = ''] = await readdir(join(project.folder, 'tokens'));
  const shard = join(project.paths.tokens(tokens), 'train-00000.bin');
  const before = await digestFile(shard);
  await flipBit(shard, 77);
  await flipBit(join(project.paths.model('tiny'), 'model.safetensors'), 99_999);
  await rm(join(project.paths.model('tiny'), 'config.json'));
  const { findings } = await verify();
  expect(findings.map(({ status, path, repair }) => [status, path, repair?.kind])).toEqual([
    ['damaged', `tokens/${tokens}/train-00000.bin`, 'tokens'],
    ['missing', 'models/tiny/config.json', undefined],
    ['damaged', 'models/tiny/model.safetensors', undefined],
  ]);
  expect(findings[0]?.consequence).toContain('made again');
  const repairs = await repairProject(project, findings);
  expect(repairs).toMatchObject([{ repaired: true, what: `tokens ${tokens.slice(0, 12)}` }]);
  expect(await digestFile(shard)).toEqual(before);
  expect((await verify()).findings).toHaveLength(2);

  await flipBit(project.paths.source(source), 8);
  const [damaged] = (await verify()).findings;
  expect(damaged).toMatchObject({ status: 'damaged', what: 'source records.txt of records' });
  expect(damaged?.consequence).toContain('Import the original file again');
});

it('a folder without a list of hashes is said to be unprotected, which is no fault, and gets one when asked', async () => {
  await rm(join(place.project.paths.model('tiny'), 'loam'), { recursive: true });
  const before = await verify();
  expect(before.findings).toMatchObject([{ status: 'unprotected', what: 'model tiny' }]);
  expect(hasFaults(before)).toBe(false);
  await repairProject(place.project, before.findings);
  expect((await verify()).findings).toEqual([]);
});

it('nothing is written behind a link that stands in the place of a folder', async () => {
  const elsewhere = join(place.folder, 'elsewhere');
  const model = place.project.paths.model('tiny');
  await rename(model, elsewhere);
  await rm(join(elsewhere, 'loam'), { recursive: true });
  await symlink(elsewhere, model);
  const { findings } = await verify();
  expect(await repairProject(place.project, findings)).toMatchObject([
    { path: 'models/tiny', repaired: false, outcome: expect.stringContaining('a link to another place') },
  ]);
  expect(await readdir(elsewhere)).not.toContain('loam');
});

it('a row that changed behind the store’s back is named, and can be accepted', async () => {
  const { project } = place;
  const database = new SqliteDatabase(project.paths.store);
  database.exec("UPDATE runs SET notes = 'not mine'");
  database.close();
  const { findings } = await verify();
  expect(findings).toMatchObject([{ status: 'damaged', what: 'run first', path: 'loam.sqlite' }]);
  expect(acceptFindings(project)).toEqual(['Accepted as it stands: runs 1.']);
  expect((await verify()).findings).toEqual([]);
});

it('exports, backups and the configurations in the folders of runs are looked at too', async () => {
  const { project, folder } = place;
  const exported = join(project.paths.exports, 'tiny-safetensors');
  await exportSafetensors({ modelFolder: join(folder, 'tiny'), outputFolder: exported });
  await mkdir(join(project.paths.exports, 'my notes'));
  await writeFile(join(project.paths.exports, 'my notes', 'config.json'), 'mine');
  const backup = await project.store.backUp(new Date());
  expect((await verify()).findings).toEqual([]);
  expect(await readdir(join(project.folder, 'backups'))).toEqual([basename(backup)]);

  await flipBit(join(exported, 'model.safetensors'), 4321);
  const database = new SqliteDatabase(backup);
  database.exec("UPDATE sources SET encoding = 'latin1'");
  database.close();
  const configuration = join(project.paths.run('first'), 'configuration.json');
  const before = await readFile(configuration, 'utf8');
  await writeFile(configuration, before.replace('"steps": 40', '"steps": 41'));
  const { findings } = await verify();
  expect(findings.map(({ status, what, repair }) => [status, what.slice(0, 20), repair?.kind])).toEqual([
    ['damaged', 'configuration of run', 'configuration'],
    ['damaged', 'export tiny-safetens', undefined],
    ['damaged', expect.stringContaining('backup of '), undefined],
  ]);
  expect(await repairProject(project, findings)).toMatchObject([{ repaired: true }]);
  expect(await readFile(configuration, 'utf8')).toBe(before);
  await writeFile(join(exported, 'loam-export.json'), '{}');
  await rm(configuration);
  expect((await verify()).findings).toMatchObject([
    { status: 'missing', path: 'runs/first/configuration.json' },
    { status: 'damaged', path: 'exports/tiny-safetensors/loam-export.json' },
    { path: expect.stringContaining('backups/') },
  ]);
});

it('the store is read as it was at one moment, whatever is written meanwhile, and can be put down', async () => {
  const { project } = place;
  const { store } = project;
  let writes = 0;
  const { findings } = await verifyProject(project.folder, {
    onProgress: () => {
      writes += 1;
      store.run(store.query.updateTable('runs').set({ notes: `note ${writes}` }));
    },
  });
  expect(findings).toEqual([]);
  expect(writes).toBeGreaterThan(20);
  const stop = new AbortController();
  let told = 0;
  const stopped = verifyProject(project.folder, {
    signal: stop.signal,
    onProgress: ({ area }) => {
      told += 1;
      expect(area).toBe('store');
      if (told === 3) stop.abort(new Error('enough'));
    },
  });
  await expect(stopped).rejects.toThrow('enough');
  expect(told).toBeLessThan(6);
});

it('a large store is looked at a table at a time, and what is wrong with its trees is found all the same', async () => {
  const { project } = place;
  const look = () => verifyStore(project.paths.store, { wholeCheckBytes: 0 });
  expect(await look()).toMatchObject({ structure: [], damaged: [] });
  project.close();
  const database = new SqliteDatabase(project.paths.store);
  database.unsafeMode(true);
  database.pragma('writable_schema = ON');
  database.exec(`UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'exports')
    WHERE name = 'storeLosses'`);
  database.close();
  expect((await look()).structure).toEqual(['storeLosses begins where another tree does']);
});

it('a store that is no database any more is said so, and the files are looked at all the same', async () => {
  const { project } = place;
  project.close();
  for (let bit = 0; bit < 64; bit += 8) await flipBit(project.paths.store, bit);
  const { findings, files } = await verify();
  expect(findings[0]).toMatchObject({ status: 'damaged', what: 'the store' });
  expect(files).toBeGreaterThan(8);
});

it('a checksum is that of sha256sum', async () => {
  const file = join(place.project.paths.model('tiny'), 'model.safetensors');
  const [authority] = execFileSync('python3', [
    '-c',
    'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())',
    file,
  ])
    .toString()
    .split('\n');
  const { size } = await stat(file);
  expect(await digestFile(file)).toEqual({ bytes: size, sha256: authority });
});
