import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { declarationOf } from '../../llm/objectives/registry.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import { configurationWithCurrentNames } from '../../../shared/models/earlier-names.ts';
import type { ModelDeclaration } from '../../../shared/models/model-declaration.ts';
import { modelDeclarations, presets } from '../../../shared/models/registry.ts';
import { plainIssue } from '../../../shared/plain-issue.ts';
import { threadIssues } from '../../../shared/runs/configuration-issues.ts';
import { configurationKeys } from '../../../shared/runs/configuration-keys.ts';
import { configurationSchemaFor, declarationIn } from '../../../shared/runs/configuration-schema.ts';
import { usedCores, type RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { Preset } from '../../../shared/runs/preset.ts';

/** A part of a configuration: what a preset, a file or an option says. Later layers win over earlier ones. */
export interface ConfigurationLayer {
  /** Where it comes from, for errors: "preset nano", a file's name. */
  readonly origin: string;
  readonly values: unknown;
}

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws LoamError with the nearest preset when there is none of this name. */
export function requirePreset(name: string): Preset {
  const preset = presets().find((each) => each.name === name);
  if (preset !== undefined) return preset;
  const names = presets().map((each) => each.name);
  const nearest = nearestWord(name, names);
  throw new LoamError({
    kind: 'misuse',
    where: `preset '${name}'`,
    what: 'There is no such preset.',
    remedy: `${nearest === undefined ? '' : `Did you mean ${nearest}? `}There are: ${names.join(', ')}.`,
  });
}

/**
 * A key that is no setting, with the nearest one.
 * @param declarations the architectures whose settings it may be among
 */
export function unknownKey(
  path: string,
  origin: string,
  declarations: readonly ModelDeclaration[] = modelDeclarations(),
): LoamError {
  const paths = declarations.flatMap((each) => configurationKeys(each).map((key) => key.path));
  const lastName = path.split('.').at(-1);
  const sameName = paths.find((each) => each.split('.').at(-1) === lastName);
  const inside = paths.filter((each) => each.startsWith(`${path}.`));
  if (inside.length > 0)
    return new LoamError({
      kind: 'misuse',
      where: origin,
      what: `'${path}' is a group of settings, not a setting.`,
      remedy: `In it are: ${inside.join(', ')}.`,
    });
  const nearest = sameName ?? nearestWord(path, paths);
  const groups = [...new Set(paths.map((each) => each.split('.')[0]))];
  return new LoamError({
    kind: 'misuse',
    where: origin,
    what: `There is no setting '${path}'.`,
    remedy: nearest === undefined ? `The groups are: ${groups.join(', ')}.` : `Did you mean ${nearest}?`,
    action: { do: 'listConfigurationKeys' },
  });
}

/** Puts one tree over another; arrays and plain values replace what was there. */
function merge(below: unknown, above: unknown): unknown {
  if (!isTree(below) || !isTree(above)) return above;
  const names = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const value = !Object.hasOwn(above, name)
        ? below[name]
        : Object.hasOwn(below, name)
          ? merge(below[name], above[name])
          : above[name];
      return [name, value];
    }),
  );
}

/**
 * A number of steps and a number of minutes are two answers to one question: a layer that gives one takes back the
 * other where a layer below gave it.
 */
function withoutOtherBudget(below: unknown, above: unknown): unknown {
  if (!isTree(below) || !isTree(below.training) || !isTree(above) || !isTree(above.training)) return below;
  const { steps, minutes, ...rest } = below.training;
  const givesSteps = above.training.steps !== undefined;
  const givesMinutes = above.training.minutes !== undefined;
  if (givesSteps === givesMinutes) return below;
  return { ...below, training: { ...rest, ...(givesSteps ? { steps } : { minutes }) } };
}

/**
 * The whole configuration of a run with nothing left open but what the calibration measures.
 * @param written layers from the lowest (preset) to the highest (options of the command).
 * @throws LoamError that names the key at fault, and the nearest valid one when it is unknown.
 */
export function resolveConfiguration(
  written: readonly ConfigurationLayer[],
  cores: number = availableParallelism(),
): RunConfiguration {
  const layers = layersInCurrentNames(written);
  const merged = layers.reduce<unknown>(
    (below, { values }) => merge(withoutOtherBudget(below, values), values),
    {},
  );
  for (const layer of layers) requireKnownKeys(layer, merged);
  const parsed = configurationSchemaFor(merged).safeParse(merged, { error: plainIssue });
  if (!parsed.success) throw describeIssue(parsed.error, merged, layers);
  const { engine, training, ...rest } = parsed.data;
  declarationOf(rest.objective);
  const [tooMany] = threadIssues(engine.threads, cores);
  if (tooMany !== undefined)
    throw new LoamError({
      kind: 'misuse',
      where: tooMany.path,
      what: tooMany.what,
      remedy: tooMany.remedy,
    });
  const threads = engine.threads ?? usedCores(cores, engine.freeCores);
  const budget = training.steps === undefined && training.minutes === undefined ? { steps: 2000 } : {};
  return { ...rest, training: { ...training, ...budget }, engine: { ...engine, threads } };
}

/** The layers with the names of today: what one layer calls by an earlier name is the same setting in another. */
function layersInCurrentNames(layers: readonly ConfigurationLayer[]): readonly ConfigurationLayer[] {
  const merged = layers.reduce<unknown>((below, { values }) => merge(below, values), {});
  const names = declarationIn(merged)?.earlierNames;
  return layers.map(({ origin, values }) => ({
    origin,
    values: configurationWithCurrentNames(values, names),
  }));
}

/** @param merged the configuration to which all layers together come: it says whose settings the model's are */
function requireKnownKeys({ origin, values }: ConfigurationLayer, merged: unknown): void {
  if (!isTree(values))
    throw new LoamError({
      kind: 'misuse',
      where: origin,
      what: 'A configuration is an object with groups of settings, and this is none.',
      remedy: 'It looks like { "training": { "steps": 500 } }.',
      action: { do: 'showPreset' },
    });
  const declaration = declarationIn(merged);
  // A setting that there is not anywhere is named before one that belongs to another architecture.
  const others = modelDeclarations().filter((each) => each !== declaration);
  const parsed = configurationSchemaFor(merged).safeParse(values);
  for (const issue of parsed.error?.issues ?? [])
    if (issue.code === 'unrecognized_keys') {
      const path = [...issue.path, issue.keys[0]].join('.');
      const owner = others.find((each) => configurationKeys(each).some((key) => key.path === path));
      if (owner !== undefined && declaration !== undefined)
        throw otherArchitecture(path, origin, owner, declaration);
      throw unknownKey(path, origin, declaration === undefined ? others : [declaration]);
    }
}

/** A setting of another architecture than the one that was chosen. */
function otherArchitecture(
  path: string,
  origin: string,
  owner: ModelDeclaration,
  chosen: ModelDeclaration,
): LoamError {
  return new LoamError({
    kind: 'misuse',
    where: origin,
    what: `'${path}' is a setting of the architecture ${owner.name}, and the model is of ${chosen.name}.`,
    remedy: `Leave it out, or choose the other architecture with the setting model.architecture.`,
    action: { do: 'listConfigurationKeys' },
  });
}

function describeIssue(error: z.ZodError, merged: unknown, layers: readonly ConfigurationLayer[]): LoamError {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  const key = configurationKeys(declarationIn(merged)).find((each) => each.path === path);
  const origin = layers.findLast(({ values }) => valueAt(values, issue?.path ?? []) !== undefined)?.origin;
  const message = issue?.message ?? 'The configuration does not fit.';
  return new LoamError({
    kind: 'misuse',
    where: path === '' ? 'configuration' : path,
    what: `${message}${/[.!?]$/.test(message) ? '' : '.'}${origin === undefined ? '' : ` It was set by ${origin}.`}`,
    remedy:
      key === undefined || key.description === ''
        ? 'Change it and try again.'
        : `What it is: ${key.description}`,
  });
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isTree(value) && typeof name === 'string' ? value[name] : undefined),
    values,
  );
}
