import type { TFunction } from 'i18next';
import { z } from 'zod';
import { runConfigurationSchema } from '../../../shared/runs/configuration.ts';
import { architectures, explainSetting } from '../../client/architectures.ts';

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

/** The configuration's schema with all that can be said of each setting, for the editor to show on hovering. */
export function editorSchema(t: TFunction<'new-model'>): object {
  const explained = (node: SchemaNode, path: string): SchemaNode => {
    if (node.properties !== undefined)
      return {
        ...node,
        properties: Object.fromEntries(
          Object.entries(node.properties).map(([name, child]) => [
            name,
            explained(child, path === '' ? name : `${path}.${name}`),
          ]),
        ),
      };
    const term = explainSetting(path);
    if (term === undefined) return node;
    const { name, what, larger, usual } = term;
    const markdownDescription = [
      `**${name}**`,
      what,
      ...(larger === undefined ? [] : [`*${t('explainLarger')}:* ${larger}`]),
      ...(usual === undefined ? [] : [`*${t('explainUsual')}:* ${usual}`]),
    ].join('\n\n');
    return { ...node, markdownDescription } as SchemaNode;
  };
  const settings = architectures().map((each) => explained(each.schema, 'model'));
  const [only, ...others] = settings;
  const model = others.length === 0 && only !== undefined ? only : { anyOf: settings };
  const common = explained(z.toJSONSchema(runConfigurationSchema, { io: 'input' }) as SchemaNode, '');
  // No part need be there: a configuration says only what is not as usual.
  return { ...common, required: [], properties: { ...common.properties, model } };
}
