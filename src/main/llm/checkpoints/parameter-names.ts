import { LoamError } from '../../../shared/errors.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { architectureOf } from '../models/registry.ts';
import type { SafetensorsEntry } from './safetensors-header.ts';

/** What is asked of a parameter: the name and shape that transformers gives it in the whole model. */
interface ExpectedParameter {
  readonly name: string;
  readonly shape: readonly number[];
}

function list(names: readonly string[]): string {
  const shown = names
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/**
 * Finds the parameters of a model among a file's tensors.
 * @returns for each parameter's name the tensor's name in the file
 * @throws LoamError when parameters are missing, have another shape, or tensors are left over that the model does not
 * have: ignoring them would compute another model than the file's.
 */
export function matchParameterNames(
  where: string,
  shape: ModelShape,
  expected: readonly ExpectedParameter[],
  tensors: ReadonlyMap<string, SafetensorsEntry>,
): ReadonlyMap<string, string> {
  const architecture = architectureOf(shape);
  const prefix = architecture.basePrefix(shape);
  const refuse = (what: string) =>
    new LoamError({
      kind: 'input',
      where,
      what,
      remedy:
        'The config.json and the weights do not belong together, or the model is of another kind than it says. Take another checkpoint.',
    });
  const found = new Map<string, string>();
  for (const { name } of expected) {
    const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    const actual = [name, short].find((candidate) => tensors.has(candidate));
    if (actual !== undefined) found.set(name, actual);
  }
  const missing = expected.filter(({ name }) => !found.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    throw refuse(
      `The weights lack ${missing.length} of the model’s ${expected.length} parameters: ${list(missing)}.`,
    );

  const known = new Set(found.values());
  const surplus = [...tensors.keys()].filter(
    (name) => !known.has(name) && !architecture.isRedundantTensor(shape, name),
  );
  if (surplus.length > 0)
    throw refuse(
      `The weights hold tensors that a ${architecture.modelType(shape)} model does not have: ${list(surplus)}.`,
    );

  for (const { name, shape: extents } of expected) {
    const tensor = tensors.get(found.get(name) ?? '');
    if (
      tensor?.shape.length !== extents.length ||
      tensor.shape.some((extent, axis) => extent !== extents[axis])
    ) {
      throw refuse(
        `The parameter "${name}" has the shape [${tensor?.shape.join(', ')}], and the model needs [${extents.join(', ')}].`,
      );
    }
  }
  return found;
}
