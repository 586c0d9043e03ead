import { LoamError } from '../../../shared/errors.ts';
import type { GptShape } from '../../../shared/models/gpt-configuration.ts';
import type { SafetensorsEntry } from './safetensors-header.ts';

/** What is asked of a parameter: the name and shape that transformers gives it in the whole model. */
interface ExpectedParameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The part of a name that a model without its output layer (GPT2Model, LlamaModel) saves its parameters without. */
const basePrefix = (shape: GptShape) => (shape.style === 'gpt2' ? 'transformer.' : 'model.');

/** Tensors of older checkpoints that are no parameters: causal masks and rotary wavelengths, which are computed. */
const buffer = /\.attn\.(masked_)?bias$|\.rotary_emb\.inv_freq$/;

const OUTPUT_LAYER = 'lm_head.weight';

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
  shape: GptShape,
  expected: readonly ExpectedParameter[],
  tensors: ReadonlyMap<string, SafetensorsEntry>,
): ReadonlyMap<string, string> {
  const prefix = basePrefix(shape);
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
    (name) => !known.has(name) && !buffer.test(name) && !(shape.tiedEmbeddings && name === OUTPUT_LAYER),
  );
  if (surplus.length > 0)
    throw refuse(`The weights hold tensors that a ${shape.style} model does not have: ${list(surplus)}.`);

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
