import type { Project } from '../projects/projects.ts';

/**
 * Takes what stands in the store as right: rows that are not what was written, and losses that were told.
 * @returns a sentence for each thing that was accepted.
 */
export function acceptFindings(project: Project): readonly string[] {
  const { store } = project;
  const damaged = store.damagedBlocks();
  const tables = [...new Set(damaged.map(({ table }) => table))];
  store.acceptTables(tables);
  const losses = store.run(store.query.deleteFrom('storeLosses')).changes;
  return [
    ...tables.map((table) => {
      const blocks = damaged.filter((block) => block.table === table).map(({ block }) => block);
      return `Accepted as it stands: ${table} ${blocks.join(', ')}.`;
    }),
    ...(losses > 0 ? ['Accepted that the store lacks changes that it had.'] : []),
  ];
}
