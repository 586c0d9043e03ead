import type { ModelDeclaration } from '../models/model-declaration.ts';
import { defaultModelDeclaration, modelDeclarations } from '../models/registry.ts';
import { runConfigurationJsonSchema } from './configuration-schema.ts';

/** What a form needs to know of a setting's value. */
export type SettingKind =
  | {
      readonly kind: 'number';
      readonly whole: boolean;
      /** The least and largest values allowed. Where a limit itself is not, the next value beyond that fits a form. */
      readonly minimum?: number;
      readonly maximum?: number;
      /** Whether `auto` is a value too. */
      readonly automatic: boolean;
    }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'switch' }
  | { readonly kind: 'text' };

/** One setting of a run's configuration. */
export interface ConfigurationKey {
  /** Its place, with dots: training.learningRate. */
  readonly path: string;
  /** One plain sentence. */
  readonly description: string;
  /** Whether only text is a valid value, so that `123` means the text "123". */
  readonly textOnly: boolean;
  readonly value: SettingKind;
  /** Absent: it is left to the other settings, or off. */
  readonly default?: string | number | boolean;
}

interface SchemaNode {
  readonly type?: unknown;
  readonly description?: unknown;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

function kindOf(node: SchemaNode): SettingKind {
  if (node.anyOf !== undefined) {
    const number = node.anyOf.find(({ type }) => type === 'integer' || type === 'number');
    if (number !== undefined) return { ...numberKind(number), automatic: true };
  }
  if (node.enum !== undefined) return { kind: 'choice', choices: node.enum.map(String) };
  if (typeof node.const === 'string') return { kind: 'choice', choices: [node.const] };
  if (node.type === 'boolean') return { kind: 'switch' };
  if (node.type === 'number' || node.type === 'integer') return numberKind(node);
  return { kind: 'text' };
}

function numberKind(node: SchemaNode): Extract<SettingKind, { kind: 'number' }> {
  const whole = node.type === 'integer';
  const minimum = node.minimum ?? (whole ? next(node.exclusiveMinimum, 1) : node.exclusiveMinimum);
  const limit = node.maximum ?? (whole ? next(node.exclusiveMaximum, -1) : node.exclusiveMaximum);
  const maximum = limit === Number.MAX_SAFE_INTEGER ? undefined : limit;
  return {
    kind: 'number',
    whole,
    automatic: false,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

function next(limit: number | undefined, step: number): number | undefined {
  return limit === undefined ? undefined : limit + step;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function collect(node: SchemaNode, path: readonly string[]): readonly ConfigurationKey[] {
  if (node.properties === undefined)
    return [
      {
        path: path.join('.'),
        description: typeof node.description === 'string' ? node.description : '',
        textOnly: node.type === 'string' && !('enum' in node),
        value: kindOf(node),
        ...(isPlain(node.default) ? { default: node.default } : {}),
      },
    ];
  return Object.entries(node.properties).flatMap(([name, child]) => collect(child, [...path, name]));
}

const known = new WeakMap<ModelDeclaration, readonly ConfigurationKey[]>();

/** Every setting of a configuration whose model is of one architecture, in the order of the file. */
export function configurationKeys(
  declaration: ModelDeclaration = defaultModelDeclaration(),
): readonly ConfigurationKey[] {
  const keys = known.get(declaration) ?? collect(runConfigurationJsonSchema([declaration]), []);
  known.set(declaration, keys);
  return keys;
}

/** The setting at a place in the configuration of any architecture, or undefined where there is none. */
export function findConfigurationKey(path: string): ConfigurationKey | undefined {
  for (const declaration of modelDeclarations()) {
    const key = configurationKeys(declaration).find((each) => each.path === path);
    if (key !== undefined) return key;
  }
  return undefined;
}
