import SqliteDatabase from 'better-sqlite3';
import type { Finding } from '../../../shared/integrity/verification.ts';
import type { DamagedBlock } from '../store/digests.ts';
import type { StoreVerification } from '../store/verify-store.ts';

type StoreFinding = Omit<Finding, 'area'>;

const path = 'loam.sqlite';

/** What a look at a store means for a person. */
export function describeStoreFindings(
  file: string,
  { structure, damaged, losses, lostNow, hasDigests }: StoreVerification,
  unknown: readonly string[],
): readonly StoreFinding[] {
  if (structure.length > 0)
    return [
      {
        status: 'damaged',
        what: 'the store',
        path,
        detail: `SQLite finds it damaged: ${structure.join('; ')}.`,
        consequence:
          'Its newest backup can be put in its place; what was stored since is lost then. Sources and checkpoints are separate files and not affected.',
      },
    ];
  if (!hasDigests)
    return [
      {
        status: 'unprotected',
        what: 'the store',
        path,
        detail: 'It was written by an earlier Loam and has no digests of its rows.',
        consequence: 'It gets them when it is opened, from what stands in it then.',
      },
    ];
  const runs = readRuns(file);
  return [
    ...damaged.map((block) => describeBlock(block, runs)),
    ...losses.map(({ foundAt, changes }) =>
      describeLost(changes, `On ${foundAt.slice(0, 10)} it was found to lack`, unknown),
    ),
    ...(lostNow > 0 ? [describeLost(lostNow, 'It lacks', unknown)] : []),
  ];
}

function describeLost(changes: number, begins: string, unknown: readonly string[]): StoreFinding {
  return {
    status: 'lost',
    what: 'the store',
    path,
    detail: `${begins} the last ${changes.toLocaleString('en')} change${changes === 1 ? '' : 's'} of its rows: its write-ahead log was lost or damaged, or an older copy of it is in its place.`,
    consequence: `What was stored last may be missing: steps of curves, recipes, chats, names. ${unknown.length === 0 ? '' : `The folder has what the store does not know: ${unknown.join(', ')}. `}A run that is resumed says which of its steps its curves lack. A backup may have more. To accept the loss puts an end to this notice.`,
    acceptable: true,
  };
}

const summaries = { kind: 'summaries', does: 'computes them again from the steps' } as const;

function describeBlock({ table, block }: DamagedBlock, runs: ReadonlyMap<string, string>): StoreFinding {
  const [first = '', place] = block.split('/');
  const run = runs.get(first) ?? `number ${first}`;
  const of = (what: string, consequence: string, repair?: Finding['repair']): StoreFinding => ({
    status: 'damaged',
    what,
    path,
    detail: `Rows of its table ${table} (${block}) are not those that were written: the file was damaged, or another program changed it.`,
    consequence,
    ...(repair === undefined ? { acceptable: true } : { repair }),
  });
  const accept =
    'It cannot be made again; a backup of the store may have it. What stands there can be accepted as right.';
  switch (table) {
    case 'metrics':
      return of(
        `curves of run ${run}, stretch ${place ?? ''}`,
        `Some values in its curves are wrong or gone. ${accept}`,
      );
    case 'metricSummaries':
      return of(`summaries of the curves of run ${run}`, 'They are computed from its steps.', summaries);
    case 'samples':
    case 'events':
      return of(`${table} of run ${run}, stretch ${place ?? ''}`, accept);
    case 'checkpoints':
      return of(`what the store says of checkpoint ${run}@${place ?? ''}`, accept);
    case 'runs':
      return of(`run ${run}`, `It is not trained on until that is settled. ${accept}`);
    case 'datasets':
    case 'datasetSources':
    case 'sources':
    case 'recipeSteps':
    case 'recipeStates':
    case 'keptRecipes':
      return of(
        `datasets and recipes (${table} ${block})`,
        `Nothing is learned from datasets until that is settled. ${accept}`,
      );
    default:
      return of(`${table} ${block}`, accept);
  }
}

function readRuns(file: string): ReadonlyMap<string, string> {
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    return new Map(
      database.prepare<[], [string, string]>('SELECT CAST(id AS TEXT), name FROM runs').raw().all(),
    );
  } finally {
    database.close();
  }
}
