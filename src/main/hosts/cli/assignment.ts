import { LoamError } from '../../../shared/errors.ts';
import { findConfigurationKey } from '../../../shared/runs/configuration-keys.ts';
import { unknownKey, type ConfigurationLayer } from '../../studio/training/resolve-configuration.ts';

/**
 * Turns `key=value` (training.steps=500) into a layer. A value is JSON where it reads as such, else text.
 * @throws LoamError for a key that does not exist, with the nearest one.
 */
export function parseAssignment(assignment: string): ConfigurationLayer {
  const equals = assignment.indexOf('=');
  if (equals <= 0)
    throw new LoamError({
      kind: 'misuse',
      where: `--set ${assignment}`,
      what: 'A setting is given as key=value.',
      remedy: 'For example: --set training.learningRate=0.0005',
    });
  const path = assignment.slice(0, equals).trim();
  const text = assignment.slice(equals + 1);
  const key = findConfigurationKey(path);
  if (key === undefined) throw unknownKey(path, '--set');
  const value = key.textOnly ? text : parseValue(text);
  return {
    origin: `--set ${path}`,
    values: key.path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value),
  };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
