import { LoamError } from '../../../shared/errors.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { modelDeclarationOf } from '../../../shared/models/registry.ts';
import { architectureOf } from '../models/registry.ts';
import type { WeightEntry } from './named-weights.ts';

/** What is asked of a parameter: the name and shape that transformers gives it in the whole model. */
interface ExpectedParameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A parameter's name in the file of a model that was saved without its output layer. */
export function withoutBase(shape: ModelShape, name: string): string {
  const prefix = architectureOf(shape).basePrefix(shape);
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** What wrappers of a model put into the names of its parameters: torch.compile, FSDP, activation checkpointing. */
const wrapper = /(?:^|(?<=\.))(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\./g;

/** What wrappers put before every name: DataParallel and DDP, PEFT around a model without adapters. */
const outerPrefixes = ['module.', 'base_model.model.'] as const;

/**
 * The names of a file's tensors without what wrappers put into them, which changes nothing of the model: `_orig_mod.` where it
 * was compiled when it was saved, `module.` where it was trained on several devices.
 * @returns for each name of the model the file's own
 * @throws LoamError when two tensors have one name then, or adapters stand beside the weights: those would have to be
 * merged into them first.
 */
export function unwrapNames(where: string, names: Iterable<string>): ReadonlyMap<string, string> {
  let unwrapped = [...names].map((own) => [own.replaceAll(wrapper, ''), own] as const);
  const adapter = unwrapped.find(([name]) => /\.lora_|\.base_layer\.|\.modules_to_save\./.test(name));
  if (adapter !== undefined)
    throw new LoamError({
      kind: 'input',
      where,
      what: `The weights are those of an adapter (PEFT) that was not merged into its model: they hold ${list([adapter[1]])}.`,
      remedy: 'Merge it with merge_and_unload, save the model again, and take that.',
    });
  for (let found = true; found && unwrapped.length > 0;) {
    const prefix = outerPrefixes.find((each) => unwrapped.every(([name]) => name.startsWith(each)));
    found = prefix !== undefined;
    if (prefix !== undefined) unwrapped = unwrapped.map(([name, own]) => [name.slice(prefix.length), own]);
  }
  const places = new Map(unwrapped);
  if (places.size < unwrapped.length) {
    const twice = unwrapped.find(([name, own]) => places.get(name) !== own);
    throw new LoamError({
      kind: 'input',
      where,
      what: `Two tensors mean one parameter: ${list([twice?.[1] ?? '', places.get(twice?.[0] ?? '') ?? ''])}.`,
      remedy: 'Save the model again from one copy of it.',
    });
  }
  return places;
}

/** What many names begin with that no model's does, for a message: the part up to the last dot that all share. */
function sharedPrefix(names: readonly string[]): string {
  const [first = '', ...others] = names;
  let shared = first;
  for (const name of others) while (!name.startsWith(shared)) shared = shared.slice(0, -1);
  return shared.slice(0, shared.lastIndexOf('.') + 1);
}

function list(names: readonly string[]): string {
  const shown = names
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** What the file has in place of the parameters, where it has none of them: a prefix tells what saved it. */
function otherNames(found: number, names: readonly string[]): string {
  if (found > 0 || names.length === 0) return '';
  const prefix = sharedPrefix(names);
  return prefix === ''
    ? ` The file’s own names are others: ${list(names)}.`
    : ` All names in the file begin with ${JSON.stringify(prefix)}, which is no part of such a model.`;
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
  tensors: ReadonlyMap<string, WeightEntry>,
): ReadonlyMap<string, string> {
  const architecture = architectureOf(shape);
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
    const actual = [name, withoutBase(shape, name)].find((candidate) => tensors.has(candidate));
    if (actual !== undefined) found.set(name, actual);
  }
  const missing = expected.filter(({ name }) => !found.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    throw refuse(
      `The weights lack ${missing.length} of the model’s ${expected.length} parameters: ${list(missing)}.${otherNames(found.size, [...tensors.keys()])}`,
    );

  const known = new Set(found.values());
  const surplus = [...tensors.keys()].filter(
    (name) => !known.has(name) && !architecture.isRedundantTensor(shape, name),
  );
  if (surplus.length > 0)
    throw refuse(
      `The weights hold tensors that a ${modelDeclarationOf(shape).modelType(shape)} model does not have: ${list(surplus)}.`,
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
