import { z } from 'zod';

/** One setting given another value, or taken out so that its default holds. */
export const settingChangeSchema = z.strictObject({
  /** Its place in the configuration, with dots: model.heads. */
  path: z.string(),
  /** Absent: the setting is taken out. */
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
});
export type SettingChange = z.output<typeof settingChangeSchema>;

/** A way out of an issue that a button can apply. */
export const correctionSchema = z.strictObject({
  /** What a button says: "4 heads". */
  label: z.string(),
  changes: z.array(settingChangeSchema),
});
export type Correction = z.output<typeof correctionSchema>;

/** Settings that do not go together, or not with the text or the machine. */
export const configurationIssueSchema = z.strictObject({
  /** Names the rule that is broken; with the path it tells issues apart. */
  rule: z.string(),
  /** With an error a run does not start; with a warning it does, and will likely disappoint. */
  severity: z.enum(['error', 'warning']),
  /** The setting at fault, with dots. */
  path: z.string(),
  /** What is wrong, as a sentence. */
  what: z.string(),
  /** What to do about it, as a sentence. */
  remedy: z.string(),
  corrections: z.array(correctionSchema),
});
export type ConfigurationIssue = z.output<typeof configurationIssueSchema>;

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withValue(tree: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  // What is not there cannot be taken out of it.
  if (value === undefined && !isTree(tree)) return tree;
  const { [name]: inner, ...others } = isTree(tree) ? tree : {};
  const changed = withValue(inner, rest, value);
  if (changed === undefined) return others;
  // An existing key keeps its place, so that a configuration file changes in one line.
  return isTree(tree) && Object.hasOwn(tree, name)
    ? { ...tree, [name]: changed }
    : { ...others, [name]: changed };
}

/** The configuration with settings changed; the one given stays as it is. */
export function applyChanges<Configuration extends object>(
  configuration: Configuration,
  changes: readonly SettingChange[],
): Configuration {
  return changes.reduce<unknown>(
    (tree, { path, value }) => withValue(tree, path.split('.'), value),
    configuration,
  ) as Configuration;
}

/** The value of a setting, or undefined where it is not set. */
export function settingAt(configuration: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (tree, name) => (isTree(tree) && Object.hasOwn(tree, name) ? tree[name] : undefined),
      configuration,
    );
}
