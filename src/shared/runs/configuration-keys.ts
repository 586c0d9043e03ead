import { z } from 'zod';
import { runConfigurationSchema } from './configuration.ts';

/** One setting of a run's configuration. */
export interface ConfigurationKey {
  /** Its place, with dots: training.learningRate. */
  readonly path: string;
  /** One plain sentence. */
  readonly description: string;
  /** Whether only text is a valid value, so that `123` means the text "123". */
  readonly textOnly: boolean;
}

/** The JSON Schema of a configuration file, for editors. */
export const runConfigurationJsonSchema = z.toJSONSchema(runConfigurationSchema, { io: 'input' });

interface SchemaNode {
  readonly type?: unknown;
  readonly description?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

function collect(node: SchemaNode, path: readonly string[]): readonly ConfigurationKey[] {
  if (node.properties === undefined)
    return [
      {
        path: path.join('.'),
        description: typeof node.description === 'string' ? node.description : '',
        textOnly: node.type === 'string' && !('enum' in node),
      },
    ];
  return Object.entries(node.properties).flatMap(([name, child]) => collect(child, [...path, name]));
}

/** Every setting, in the order of the file. */
export const configurationKeys: readonly ConfigurationKey[] = collect(
  runConfigurationJsonSchema as SchemaNode,
  [],
);
