import type { Migration } from './migration.ts';

/** What is shown of a noun also names others: when these come, go or are renamed, it counts as changed. */
const namedBy = [
  { noun: 'datasets', table: 'runs', columns: 'name, datasetId' },
  { noun: 'datasets', table: 'tokenizers', columns: 'name, datasetId' },
  { noun: 'tokenizers', table: 'runs', columns: 'name, tokenizerHash' },
  { noun: 'tokenizers', table: 'datasets', columns: 'name' },
  { noun: 'runs', table: 'datasets', columns: 'name' },
] as const;

export const usersAndDeletedTexts: Migration = {
  version: 7,
  summary:
    'pages learn when what uses a dataset or tokenizer comes or goes; datasets whose texts were deleted',
  up: (database) => {
    database.exec(`
      ALTER TABLE datasets ADD COLUMN textsDeletedAt TEXT;
      ${namedBy
        .flatMap(({ noun, table, columns }) =>
          [
            ['Insert', 'INSERT'],
            ['Delete', 'DELETE'],
            ['Rename', `UPDATE OF ${columns}`],
          ].map(
            ([name, change]) => `
      CREATE TRIGGER ${table}${name}CountsFor${noun} AFTER ${change} ON ${table}
      BEGIN UPDATE changes SET count = count + 1 WHERE noun = '${noun}'; END;`,
          ),
        )
        .join('')}
    `);
  },
};
