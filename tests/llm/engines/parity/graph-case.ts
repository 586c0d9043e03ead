import { createRandomNumbers } from '../../../../src/main/llm/random/random-numbers.ts';
import { GraphBuilder } from '../../../../src/main/llm/graph/builder.ts';
import { gradient } from '../../../../src/main/llm/graph/gradient.ts';
import { add, cast, mul } from '../../../../src/main/llm/graph/operators/elementwise.ts';
import { reduceSum } from '../../../../src/main/llm/graph/operators/reduction.ts';
import type { Graph, HostTensor, Value } from '../../../../src/main/llm/graph/types.ts';

/** How the elements of an input are drawn. */
export type Draw =
  | 'normal'
  /** From 0.2 to 2.2: for logarithms, roots and divisors. */
  | 'positive'
  /** Multiples of 0.1 in random order, none of them 0 and no two equal: for functions with kinks. */
  | 'apart';

/** One input of a case. Drawn ones are what gradients are taken with respect to. */
export type CaseInput =
  | { readonly kind: 'drawn'; readonly shape: readonly number[]; readonly draw: Draw }
  | { readonly kind: 'given'; readonly tensor: HostTensor }
  | { readonly kind: 'constant'; readonly tensor: HostTensor }
  | { readonly kind: 'absent' };

/** A small graph with its inputs, that every engine must compute as the float64 evaluation does. */
export interface GraphCase {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  readonly build: (inputs: readonly (Value | undefined)[], builder: GraphBuilder) => readonly Value[];
  /** Which results lie where an input lies: number of the result → number of the input. */
  readonly aliases?: Readonly<Record<number, number>>;
  /** Largest difference allowed, relative to the largest element; 1e-5 where nothing is said. */
  readonly tolerance?: number;
  /** Results (by number) that the loss of the gradient's test reads; all where nothing is said. */
  readonly lossReads?: readonly number[];
}

/** A graph and the tensors for its inputs. */
export interface CaseGraph {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, HostTensor>>;
}

/** The graph of a case, with outputs `output.0`, `output.1` … */
export function caseGraph(graphCase: GraphCase): CaseGraph {
  const builder = new GraphBuilder('case');
  const { values, inputs } = declareInputs(graphCase, builder);
  graphCase.build(values, builder).forEach((value, index) => {
    const alias = graphCase.aliases?.[index];
    builder.output(`output.${index}`, value, alias === undefined ? undefined : `input.${alias}`);
  });
  return { graph: builder.finish(), inputs };
}

/**
 * The graph of a case followed by a loss, Σ random weight · result, and its gradients: outputs `loss` and
 * `gradient.<input>` for each drawn input. Undefined when no result is of a floating-point type.
 */
export function gradientGraph(graphCase: GraphCase): CaseGraph | undefined {
  const builder = new GraphBuilder('case_gradient');
  const { values, inputs } = declareInputs(graphCase, builder);
  const random = createRandomNumbers(seedOf(`${graphCase.name} loss`));
  const results = graphCase
    .build(values, builder)
    .filter((_, index) => graphCase.lossReads?.includes(index) ?? true)
    .filter((value) => value.dtype === 'float32' || value.dtype === 'float16');
  if (results.length === 0) return undefined;
  const loss = results
    .map((value) => {
      const shape = value.shape.map(Number);
      const weights = builder.constant({ dtype: 'float32', shape, data: drawn(shape, 'normal', random) });
      return reduceSum(mul(cast(value, 'float32'), weights), undefined, false);
    })
    .reduce((sum, part) => add(sum, part));
  const targets = values.filter(
    (value, index) => value !== undefined && graphCase.inputs[index]?.kind === 'drawn',
  );
  builder.output('loss', loss);
  for (const [target, value] of gradient(loss, targets as readonly Value[]))
    builder.output(`gradient.${target.name}`, value);
  return { graph: builder.finish(), inputs };
}

function declareInputs(
  graphCase: GraphCase,
  builder: GraphBuilder,
): {
  readonly values: readonly (Value | undefined)[];
  readonly inputs: Readonly<Record<string, HostTensor>>;
} {
  const random = createRandomNumbers(seedOf(graphCase.name));
  const inputs: Record<string, HostTensor> = {};
  const declare = (index: number, tensor: HostTensor): Value => {
    const name = `input.${index}`;
    inputs[name] = tensor;
    return builder.input(name, tensor.dtype, tensor.shape);
  };
  const values = graphCase.inputs.map((input, index): Value | undefined => {
    switch (input.kind) {
      case 'absent':
        return undefined;
      case 'constant':
        return builder.constant(input.tensor);
      case 'given':
        return declare(index, input.tensor);
      case 'drawn': {
        const { shape, draw } = input;
        return declare(index, { dtype: 'float32', shape, data: drawn(shape, draw, random) });
      }
    }
  });
  return { values, inputs };
}

function drawn(
  shape: readonly number[],
  draw: Draw,
  random: ReturnType<typeof createRandomNumbers>,
): Float32Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  switch (draw) {
    case 'normal':
      return Float32Array.from(
        { length: size },
        () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next()),
      );
    case 'positive':
      return Float32Array.from({ length: size }, () => 0.2 + 2 * random.next());
    case 'apart': {
      const order = Array.from({ length: size }, (_, index) => ({ index, key: random.next() }));
      return Float32Array.from(
        order.toSorted((a, b) => a.key - b.key),
        ({ index }) => (index - Math.floor(size / 2) + 0.5) / 10,
      );
    }
  }
}

/** A number made of a text (FNV-1a), so that each case has random numbers of its own. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
