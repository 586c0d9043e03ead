import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/types.ts';
import type { Parameter } from '../parameter.ts';

/** A parameter as the exported model holds it. */
export interface ExportedParameter {
  readonly value: Value;
  /** The Hugging Face name of the parameter that it is. */
  readonly source: string;
  /** Whether rows and columns are exchanged, so that a plain MatMul can use it. */
  readonly transposed: boolean;
}

/** Declares parameters as inputs of a graph when they are first used, in the layout that the use needs. */
export function exportedParameters(
  builder: GraphBuilder,
  parameters: readonly Parameter[],
): {
  readonly parameter: (name: string, transposed: boolean) => Value;
  readonly used: () => readonly ExportedParameter[];
} {
  const shapes = new Map(parameters.map(({ name, shape }) => [name, shape]));
  const exported = new Map<string, ExportedParameter>();
  return {
    parameter: (source, transposed) => {
      const name = transposed ? `${source}.transposed` : source;
      const known = exported.get(name);
      if (known !== undefined) return known.value;
      const stored = shapes.get(source);
      if (stored === undefined) throw new Error(`The model has no parameter "${source}".`);
      const value = builder.input(name, 'float32', transposed ? stored.toReversed() : stored);
      exported.set(name, { value, source, transposed });
      return value;
    },
    used: () => [...exported.values()],
  };
}
