import { CompiledQuery } from 'kysely';
import type { Store } from './store.ts';

/** Gives a run another name wherever the store names it. Call it inside a transaction. */
export function renameRunRow(store: Store, id: number, from: string, to: string): void {
  const run = (sql: string, ...parameters: readonly (string | number)[]): void => {
    store.run({ compile: () => CompiledQuery.raw(sql, [...parameters]) });
  };
  run(
    `UPDATE runs SET name = ?, provenanceJson = json_set(provenanceJson, '$.run', ?) WHERE id = ?`,
    to,
    to,
    id,
  );
  run(
    `UPDATE runs SET provenanceJson = json_set(provenanceJson, '$.parent.run', ?)
     WHERE json_extract(provenanceJson, '$.parent.run') = ?`,
    to,
    from,
  );
  // Folders begin with runs/NAME/.
  const place = `runs/${from}/`;
  for (const table of ['checkpoints', 'evaluations'])
    run(
      `UPDATE ${table} SET folder = ? || substr(folder, ?) WHERE substr(folder, 1, ?) = ?`,
      `runs/${to}/`,
      place.length + 1,
      place.length,
      place,
    );
  // References are NAME or NAME@STEP.
  const reference = `${from}@`;
  const renamed = (column: string): string =>
    `CASE WHEN ${column} = ? THEN ? WHEN substr(${column}, 1, ?) = ? THEN ? || substr(${column}, ?) ELSE ${column} END`;
  const values = [from, to, reference.length, reference, `${to}@`, reference.length + 1] as const;
  for (const table of ['chatReplies', 'exports'])
    run(
      `UPDATE ${table} SET checkpoint = ${renamed('checkpoint')} WHERE checkpoint LIKE ?`,
      ...values,
      `${from}%`,
    );
  run(
    `UPDATE chats SET checkpointsJson = (
       SELECT json_group_array(${renamed('value')}) FROM json_each(checkpointsJson)
     ) WHERE checkpointsJson LIKE ?`,
    ...values,
    `%${from}%`,
  );
  run(`UPDATE jobs SET subjectName = ? WHERE subjectNoun = 'run' AND subjectName = ?`, to, from);
}
