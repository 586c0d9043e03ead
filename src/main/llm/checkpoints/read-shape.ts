import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import { registeredArchitectures } from '../models/registry.ts';

const modelTypeSchema = z.looseObject({ model_type: z.string() });

/**
 * The shape of the model that a `config.json` describes, by the architecture that reads models of its kind.
 * @param where the file's path, for messages
 * @throws LoamError naming what Loam cannot compute, or the fields that are missing or wrong
 */
export function readShape(json: unknown, where = 'config.json'): ModelShape {
  const parsed = modelTypeSchema.safeParse(json);
  if (!parsed.success) {
    throw new LoamError({
      kind: 'input',
      where,
      what: 'This file does not say what kind of model it describes: it has no model_type.',
      remedy: 'Name the folder of a model in Hugging Face’s form, with its own config.json.',
    });
  }
  const { model_type: modelType } = parsed.data;
  const architectures = registeredArchitectures();
  for (const { configReaders } of architectures) {
    const read = configReaders.get(modelType);
    if (read !== undefined) return read(json, where);
  }
  const known = architectures.flatMap(({ configReaders }) => [...configReaders.keys()]);
  const nearest = nearestWord(modelType, known);
  throw new LoamError({
    kind: 'input',
    where,
    what: `Models of the kind "${modelType}" are not supported${nearest === undefined ? '' : ` (the nearest that is: ${nearest})`}.`,
    remedy: `Loam reads models of the kinds ${known.join(', ')}. Take another model.`,
  });
}
