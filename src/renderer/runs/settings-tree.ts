import { explainSetting } from '../client/architectures.ts';

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a setting by its place with dots; undefined where it has none. */
export function readSetting(configuration: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, name) => (isTree(inner) ? inner[name] : undefined), configuration);
}

/** The configuration with one setting given another value. */
export function withSetting(configuration: Tree, path: string, value: unknown): Tree {
  const [name = '', ...rest] = path.split('.');
  const inner = configuration[name];
  return {
    ...configuration,
    [name]: rest.length === 0 ? value : withSetting(isTree(inner) ? inner : {}, rest.join('.'), value),
  };
}

export interface SettingRow {
  readonly path: string;
  readonly value: unknown;
}

/** Every setting of a configuration with its place, in the order of the file. */
export function settingRows(configuration: unknown, path = ''): readonly SettingRow[] {
  if (!isTree(configuration)) return [{ path, value: configuration }];
  return Object.entries(configuration).flatMap(([name, value]) =>
    settingRows(value, path === '' ? name : `${path}.${name}`),
  );
}

/** A setting's value as one reads it. */
export function showSetting(value: unknown): string {
  if (value === null || value === undefined) return '–';
  // Twelve digits are more than anyone gives; what follows is what floating point adds.
  if (typeof value === 'number') return String(Number(value.toPrecision(12)));
  return typeof value === 'string' ? (value === '' ? '""' : value) : JSON.stringify(value);
}

/** What a setting is called. */
export function settingName(path: string): string {
  return explainSetting(path)?.name ?? path;
}
