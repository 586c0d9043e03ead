import { sql, type Selectable, type Updateable } from 'kysely';
import { z } from 'zod';
import { declarationIn, parseConfiguration } from '../../../shared/runs/configuration-schema.ts';
import { runConfigurationSchema, type RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { Calibration } from '../../../shared/runs/events.ts';
import { provenanceSchema, type Provenance } from '../../../shared/runs/run.ts';
import { spellingOfName } from './spelling-of-name.ts';
import type { Store } from './store.ts';
import type { RunTable } from './tables.ts';

type StoredRun = Selectable<RunTable> & {
  readonly datasetName: string;
  readonly tagsJson: string;
  readonly remainingSeconds: number | null;
};

const tagsSchema = z.array(z.string());

/** A run's row, its JSON parsed. */
export interface RunRow extends Readonly<
  Omit<StoredRun, 'configurationJson' | 'provenanceJson' | 'calibrationJson' | 'tagsJson'>
> {
  readonly configuration: RunConfiguration;
  readonly provenance: Provenance;
  readonly calibration: Calibration | undefined;
  /** In alphabetical order. */
  readonly tags: readonly string[];
}

/** What a new run brings; the rest starts empty. */
export interface NewRun {
  readonly name: string;
  readonly datasetId: number;
  readonly tokenizerName: string;
  readonly tokenizerHash: string;
  readonly tokensHash: string;
  readonly parameters: number;
  readonly configuration: RunConfiguration;
  readonly provenance: Provenance;
  readonly createdAt: string;
}

function runs(store: Store) {
  return store.query
    .selectFrom('runs')
    .innerJoin('datasets', 'datasets.id', 'runs.datasetId')
    .selectAll('runs')
    .select([
      'datasets.name as datasetName',
      sql<string>`(SELECT json_group_array(tag) FROM runTags WHERE runTags.runId = runs.id)`.as('tagsJson'),
      // An estimate that only says something while the run trains.
      sql<
        number | null
      >`(SELECT remainingSeconds FROM metrics WHERE runs.status = 'running' AND metrics.runId = runs.id
        ORDER BY step DESC LIMIT 1)`.as('remainingSeconds'),
    ]);
}

/** A text that was parsed, and what it says. */
interface Parsed<Value> {
  readonly json: string;
  readonly value: Value;
}

interface ParsedRun {
  readonly configuration: Parsed<RunConfiguration>;
  readonly provenance: Parsed<Provenance>;
}

/** Configurations hardly ever change, and lists are read again at every step of a run that trains. */
const parsedRuns = new WeakMap<Store, Map<number, ParsedRun>>();

/** A run whose architecture this process does not know is still shown; what would use its model says so. */
function parseStored(stored: unknown): RunConfiguration {
  return declarationIn(stored) === undefined
    ? runConfigurationSchema.parse(stored)
    : parseConfiguration(stored);
}

function parseOnce(store: Store, id: number, configurationJson: string, provenanceJson: string): ParsedRun {
  const known = parsedRuns.get(store) ?? new Map<number, ParsedRun>();
  parsedRuns.set(store, known);
  const before = known.get(id);
  const parsed: ParsedRun = {
    configuration:
      before?.configuration.json === configurationJson
        ? before.configuration
        : { json: configurationJson, value: parseStored(JSON.parse(configurationJson)) },
    provenance:
      before?.provenance.json === provenanceJson
        ? before.provenance
        : { json: provenanceJson, value: provenanceSchema.parse(JSON.parse(provenanceJson)) },
  };
  known.set(id, parsed);
  return parsed;
}

function parse(
  store: Store,
  { configurationJson, provenanceJson, calibrationJson, tagsJson, ...row }: StoredRun,
): RunRow {
  const { configuration, provenance } = parseOnce(store, row.id, configurationJson, provenanceJson);
  return {
    ...row,
    configuration: configuration.value,
    provenance: provenance.value,
    // Written by this program from the same type, and only ever handed back to the trainer.
    calibration: calibrationJson === null ? undefined : (JSON.parse(calibrationJson) as Calibration),
    tags: tagsSchema.parse(JSON.parse(tagsJson)).toSorted((one, other) => one.localeCompare(other)),
  };
}

/** All runs, newest first. */
export function listRunRows(store: Store): readonly RunRow[] {
  return store.all(runs(store).orderBy('runs.id', 'desc')).map((row) => parse(store, row));
}

export function findRunRow(store: Store, name: string): RunRow | undefined {
  const row = store.first(runs(store).where('runs.name', '=', spellingOfName(store, 'runs', name)));
  return row === undefined ? undefined : parse(store, row);
}

/** The runs that began with a checkpoint of a run, newest first, with its step. */
export function listBranchesOf(
  store: Store,
  run: string,
): readonly { readonly run: string; readonly step: number }[] {
  return store.all(
    store.query
      .selectFrom('runs')
      .select(['name as run', sql<number>`json_extract(provenanceJson, '$.parent.step')`.as('step')])
      .where(sql<string>`json_extract(provenanceJson, '$.parent.run')`, '=', run)
      .orderBy('id', 'desc'),
  );
}

export function listRunNames(store: Store): readonly string[] {
  return store
    .all(store.query.selectFrom('runs').select('name').orderBy('id', 'desc'))
    .map(({ name }) => name);
}

/** The runs that train, or trained, on a dataset. */
export function listRunNamesOfDataset(store: Store, datasetId: number): readonly string[] {
  return store
    .all(store.query.selectFrom('runs').select('name').where('datasetId', '=', datasetId).orderBy('id'))
    .map(({ name }) => name);
}

/** The runs of a dataset that wait, work or can go on. */
export function listUnfinishedRunsOfDataset(
  store: Store,
  datasetId: number,
): readonly Pick<RunRow, 'name' | 'status'>[] {
  return store.all(
    store.query
      .selectFrom('runs')
      .select(['name', 'status'])
      .where('datasetId', '=', datasetId)
      .where('status', 'in', ['queued', 'running', 'paused', 'interrupted'])
      .orderBy('id'),
  );
}

export function listRunNamesOfTokenizer(store: Store, tokenizerHash: string): readonly string[] {
  return store
    .all(
      store.query.selectFrom('runs').select('name').where('tokenizerHash', '=', tokenizerHash).orderBy('id'),
    )
    .map(({ name }) => name);
}

/** Adds a run at the end of the queue. @returns its number. */
export function insertRun(store: Store, { configuration, provenance, ...run }: NewRun): number {
  return Number(
    store.run(
      store.query.insertInto('runs').values({
        ...run,
        status: 'queued',
        configurationJson: JSON.stringify(configuration),
        provenanceJson: JSON.stringify(provenance),
        steps: configuration.training.steps ?? null,
      }),
    ).lastInsertRowid,
  );
}

/** What changes of a run while it lives. */
export type RunChanges = Omit<Updateable<RunTable>, 'id' | 'name' | 'configurationJson' | 'provenanceJson'>;

export function updateRun(store: Store, id: number, changes: RunChanges): void {
  if (Object.keys(changes).length === 0) return;
  store.run(store.query.updateTable('runs').set(changes).where('id', '=', id));
}

/** Replaces a run's record of where it comes from: each session adds what it runs on. */
export function setRunProvenance(store: Store, id: number, provenance: Provenance): void {
  store.run(
    store.query
      .updateTable('runs')
      .set({ provenanceJson: JSON.stringify(provenance) })
      .where('id', '=', id),
  );
}

/** Replaces a run's configuration, as when it goes on with another engine. */
export function setRunConfiguration(store: Store, id: number, configuration: RunConfiguration): void {
  store.run(
    store.query
      .updateTable('runs')
      .set({ configurationJson: JSON.stringify(configuration) })
      .where('id', '=', id),
  );
}

export function setRunTags(store: Store, id: number, tags: readonly string[]): void {
  store.transaction(() => {
    store.run(store.query.deleteFrom('runTags').where('runId', '=', id));
    for (const tag of new Set(tags)) store.run(store.query.insertInto('runTags').values({ runId: id, tag }));
  });
}

/** Tokens of the validation part that runs on an encoded dataset are measured on. */
export function findValidationTokens(store: Store, tokensHash: string): number | undefined {
  return store.first(
    store.query.selectFrom('tokenSets').select('validationTokens').where('hash', '=', tokensHash),
  )?.validationTokens;
}

/** What a person asked the run's process for, if anything. */
export function readRunRequest(store: Store, id: number): RunTable['request'] {
  return store.first(store.query.selectFrom('runs').select('request').where('id', '=', id))?.request ?? null;
}

/** Deletes a run and everything that the store knows of it. */
export function deleteRunRow(store: Store, id: number): void {
  store.run(store.query.deleteFrom('runs').where('id', '=', id));
}
