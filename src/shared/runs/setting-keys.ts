import { z } from 'zod';
import { runConfigurationSchema } from './configuration.ts';

/** What a form needs to know of a setting's value. */
export const settingKindSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('number'),
    whole: z.boolean(),
    /** The least and largest values allowed. Where a limit itself is not, the next value beyond that fits a form. */
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    /** Whether `auto` is a value too. */
    automatic: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('choice'), choices: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('switch') }),
  z.strictObject({ kind: z.literal('text') }),
]);
type SettingKind = z.output<typeof settingKindSchema>;

export const configurationKeySchema = z.strictObject({
  /** Its place, with dots: training.learningRate. */
  path: z.string(),
  /** One plain sentence. */
  description: z.string(),
  /** Whether only text is a valid value, so that `123` means the text "123". */
  textOnly: z.boolean(),
  value: settingKindSchema,
  /** Absent: it is left to the other settings, or off. */
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

/** One setting of a run's configuration. */
export type ConfigurationKey = Readonly<z.output<typeof configurationKeySchema>>;

/** As much of a JSON Schema as is read here. */
export interface SchemaNode {
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

/**
 * The settings that a JSON Schema describes, in its order.
 * @param path the place in the configuration of what the schema is of
 */
export function keysOfSchema(node: SchemaNode, path: readonly string[] = []): readonly ConfigurationKey[] {
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
  return Object.entries(node.properties).flatMap(([name, child]) => keysOfSchema(child, [...path, name]));
}

/** The settings of every run, whatever its model: all but those of the model. */
const commonKeys: readonly ConfigurationKey[] = keysOfSchema(
  z.toJSONSchema(runConfigurationSchema.omit({ model: true }), { io: 'input' }) as SchemaNode,
);

/**
 * Every setting of a run, in the order of the file.
 * @param ofModel those of its model, which are its architecture's
 */
export function settingsWith(ofModel: readonly ConfigurationKey[]): readonly ConfigurationKey[] {
  const first = commonKeys.filter(({ path }) => !path.includes('.'));
  return [...first, ...ofModel, ...commonKeys.filter((key) => !first.includes(key))];
}
