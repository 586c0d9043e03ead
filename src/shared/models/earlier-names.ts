import { z } from 'zod';

/** Names of earlier versions of Loam, each with the one of today: `{ style: 'modelType' }`. */
export type EarlierNames = Readonly<Record<string, string>>;

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A model's settings, or its shape, with the names of today; what is no object stays as it is. Where both names are given and
 * say different things, both stay: which of them is meant is not known here.
 */
export function withCurrentNames(written: unknown, earlierNames: EarlierNames = {}): unknown {
  if (!isTree(written)) return written;
  return Object.fromEntries(
    Object.entries(written).flatMap(([name, value]): readonly [string, unknown][] => {
      const current = Object.hasOwn(earlierNames, name) ? earlierNames[name] : undefined;
      if (current === undefined) return [[name, value]];
      if (!Object.hasOwn(written, current)) return [[current, value]];
      return Object.is(written[current], value) ? [] : [[name, value]];
    }),
  );
}

/** A configuration whose model's settings have the names of today. */
export function configurationWithCurrentNames(written: unknown, earlierNames?: EarlierNames): unknown {
  if (!isTree(written) || !Object.hasOwn(written, 'model')) return written;
  return { ...written, model: withCurrentNames(written.model, earlierNames) };
}

/** A schema that takes earlier names too, and refuses a name of today beside an earlier one that says something else. */
export function takingEarlierNames<Output>(
  schema: z.ZodType<Output>,
  earlierNames: EarlierNames = {},
): z.ZodType<Output> {
  return z.preprocess((written, context) => {
    const current = withCurrentNames(written, earlierNames);
    for (const [earlier, now] of Object.entries(earlierNames))
      if (isTree(current) && Object.hasOwn(current, earlier))
        context.addIssue({
          code: 'custom',
          path: [earlier],
          message: `'${earlier}' is the earlier name of '${now}', and the two have different values.`,
        });
    return current;
  }, schema);
}

/** The place in a configuration that a place with an earlier name means: `model.modelType` for `model.style`. */
export function currentPlace(path: string, earlierNames: EarlierNames = {}): string {
  const [group, name = '', ...rest] = path.split('.');
  if (group !== 'model' || rest.length > 0 || !Object.hasOwn(earlierNames, name)) return path;
  return `model.${earlierNames[name]}`;
}
