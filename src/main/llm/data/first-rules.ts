import type { Fields } from '../../../shared/datasets/columns.ts';

/**
 * The content of a JSON value by the first version of the rules, by which datasets that were imported under it go on being
 * read: numbers as JavaScript writes them, lists and objects as JavaScript writes their JSON.
 */
export function contentByFirstRules(json: string): Fields | string | undefined {
  const value: unknown = JSON.parse(json);
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(
    Object.entries(value).map(([name, field]) => [name === '' ? 'unnamed' : name, textOfField(field)]),
  );
}

function textOfField(field: unknown): string {
  if (typeof field === 'string') return field.toWellFormed();
  return field === null || field === undefined ? '' : JSON.stringify(field).toWellFormed();
}
