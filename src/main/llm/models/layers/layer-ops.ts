import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/types.ts';
import type { Parameter } from '../parameter.ts';

/** The heads of an attention layer, and how they know positions. */
export interface AttentionSettings {
  /** Heads of queries. */
  readonly heads: number;
  /** Heads of keys and values, which divide those of the queries (grouped-query attention). */
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Base of the rotary positions' wavelengths; undefined where positions are learned vectors. */
  readonly rotaryBase: number | undefined;
}

/**
 * The operations that a model's layers are made of. What differs between a graph that trains, one that generates and one
 * that is exported is behind them: how activations lie in memory (rows [tokens, width], or [batch, sequence, width]), and
 * how a token sees those before it.
 */
export interface LayerOps {
  /** A parameter by its Hugging Face name. */
  readonly weight: (name: string) => Value;
  /** x · W (+ bias): the one place where the matrices of a block are used. Their parameters say how they lie. */
  readonly linear: (x: Value, weight: string, bias?: string) => Value;
  /** Token ids to vectors. */
  readonly embed: (table: Value) => Value;
  /** Adds the learned vector of each token's position. */
  readonly addPositions: (x: Value, table: Value) => Value;
  /** Causal attention of [.., heads·size] queries over keys and values, rotary positions included. */
  readonly attend: (query: Value, key: Value, value: Value, layer: number) => Value;
  /** Applies `norm` to each head by itself: [.., heads·size] seen as [.., heads, size]. */
  readonly perHead: (x: Value, heads: number, norm: (head: Value) => Value) => Value;
  /** Dropout at a named place; the identity outside training. */
  readonly drop: (x: Value, place: string) => Value;
  /** One block, so that a graph can recompute it in the backward pass or show what it hands on. */
  readonly block: (x: Value, layer: number, body: (x: Value) => Value) => Value;
}

/** Declares every parameter as an input of the graph, in their order. */
export function parameterInputs(
  builder: GraphBuilder,
  parameters: readonly Parameter[],
): (name: string) => Value {
  const inputs = new Map(parameters.map(({ name, shape }) => [name, builder.input(name, 'float32', shape)]));
  return (name) => {
    const input = inputs.get(name);
    if (input === undefined) throw new Error(`The model has no parameter "${name}".`);
    return input;
  };
}
