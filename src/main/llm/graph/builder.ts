import { checkNode, type OperatorDeclaration } from './operators/declaration.ts';
import { prune } from './prune.ts';
import { GraphError } from './shape-error.ts';
import { elementCount, sameShape } from './shapes.ts';
import type {
  Attributes,
  DataType,
  Graph,
  GraphNode,
  GraphOutput,
  HostTensor,
  Shape,
  Value,
} from './types.ts';

/**
 * A stretch of a graph whose gradient is given as a whole, because a rule for the whole needs fewer passes over memory
 * than its operators' rules one after another (a function's forward and backward stand side by side in `functions/`).
 */
export interface Composite {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Values from inside that the gradient uses. */
  readonly saved: readonly Value[];
  /** The node indices that the composite covers: from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  readonly gradient: (context: CompositeGradientContext) => readonly (Value | undefined)[];
}

export interface CompositeGradientContext {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly saved: readonly Value[];
  readonly outputGradients: readonly (Value | undefined)[];
}

/** A stretch of a graph that the backward pass computes again from its inputs instead of keeping what is inside. */
export interface CheckpointedSegment {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly start: number;
  readonly end: number;
}

const builders = new WeakMap<Value, GraphBuilder>();

/** The builder that made a value, so that model functions need no builder as an argument. */
export function builderOf(value: Value): GraphBuilder {
  const builder = builders.get(value);
  if (builder === undefined)
    throw new GraphError('graph', `value '${value.name}' belongs to no graph under construction`);
  return builder;
}

/** Builds a graph node by node; every node's shapes are checked as it is added. */
export class GraphBuilder {
  readonly name: string;
  private readonly addedNodes: GraphNode[] = [];
  private readonly addedComposites: Composite[] = [];
  private readonly checkpointedSegments: CheckpointedSegment[] = [];
  private readonly inputs: Value[] = [];
  private readonly outputs: GraphOutput[] = [];
  private readonly constants = new Map<Value, HostTensor>();
  private readonly scalars = new Map<string, Value>();
  private readonly aliases = new Map<string, string>();
  private readonly usedNames = new Set<string>();
  private scopeName = '';

  constructor(name: string) {
    this.name = name;
  }

  /** The nodes added so far, in the order in which they can be computed. */
  get nodes(): readonly GraphNode[] {
    return this.addedNodes;
  }

  get composites(): readonly Composite[] {
    return this.addedComposites;
  }

  get checkpointed(): readonly CheckpointedSegment[] {
    return this.checkpointedSegments;
  }

  /** Names the nodes added by `body` after a part of the model, for people who look at the graph. */
  scope<T>(name: string, body: () => T): T {
    const outer = this.scopeName;
    this.scopeName = `${outer}${name}/`;
    try {
      return body();
    } finally {
      this.scopeName = outer;
    }
  }

  input(name: string, dtype: DataType, shape: Shape): Value {
    if (this.usedNames.has(name)) throw new GraphError('graph', `there is already a value named '${name}'`);
    const value = this.makeValue(name, dtype, shape);
    this.inputs.push(value);
    return value;
  }

  /** A tensor that is part of the graph. */
  constant(tensor: HostTensor, name = 'constant'): Value {
    if (tensor.data.length !== elementCount(tensor.shape))
      throw new GraphError('constant', `${tensor.data.length} elements do not fill it`, [tensor]);
    const value = this.makeValue(this.uniqueName(name), tensor.dtype, tensor.shape);
    this.constants.set(value, tensor);
    return value;
  }

  /** A float32 scalar; equal ones are one value. */
  scalar(value: number): Value {
    return this.shared(`f${value}`, () => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) }));
  }

  /** A list of int64: shapes, axes, indices; equal ones are one value. */
  integers(values: readonly number[]): Value {
    return this.shared(`i${values.join()}`, () => ({
      dtype: 'int64',
      shape: [values.length],
      data: BigInt64Array.from(values, BigInt),
    }));
  }

  /** An int64 scalar; equal ones are one value. */
  integer(value: number): Value {
    return this.shared(`s${value}`, () => ({
      dtype: 'int64',
      shape: [],
      data: BigInt64Array.of(BigInt(value)),
    }));
  }

  private shared(key: string, make: () => HostTensor): Value {
    const known = this.scalars.get(key);
    if (known !== undefined) return known;
    const value = this.constant(make());
    this.scalars.set(key, value);
    return value;
  }

  /** The elements of a value that is a constant, else undefined. */
  constantOf(value: Value): HostTensor | undefined {
    return this.constants.get(value);
  }

  /**
   * Adds a node. `wanted` says how many of the operator's outputs to name (the first ones), or which.
   * @throws GraphError that names the operator and the shapes when they do not fit.
   */
  apply(
    declaration: OperatorDeclaration,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes = {},
    wanted: number | readonly boolean[] = 1,
  ): readonly Value[] {
    const operator = declaration.name;
    const foreign = inputs.find((input) => input !== undefined && builders.get(input) !== this);
    if (foreign !== undefined)
      throw new GraphError(operator, `'${foreign.name}' belongs to another graph`, inputs);
    checkNode(declaration, inputs, attributes);
    const types = declaration.infer(
      inputs.map((input) => {
        if (input === undefined) return undefined;
        const constant = this.constants.get(input);
        return constant === undefined
          ? { dtype: input.dtype, shape: input.shape }
          : { dtype: input.dtype, shape: input.shape, constant };
      }),
      attributes,
    );
    const most = typeof wanted === 'number' ? wanted : wanted.lastIndexOf(true) + 1;
    if (most > types.length)
      throw new GraphError(operator, `it has ${types.length} outputs, not ${most}`, inputs);
    const isWanted = (index: number): boolean =>
      typeof wanted === 'number' ? index < wanted : (wanted[index] ?? false);
    const name = this.uniqueName(operator);
    const outputs = types.map((type, index) =>
      isWanted(index)
        ? this.makeValue(index === 0 ? name : this.uniqueName(`${operator}.${index}`), type.dtype, type.shape)
        : undefined,
    );
    while (outputs.length > 0 && outputs.at(-1) === undefined) outputs.pop();
    this.addedNodes.push({
      name,
      operator,
      domain: declaration.domain,
      // Left-out inputs at the end are not named: ONNX Runtime 1.27's LayerNormalization crashes on a bias named ''.
      inputs: inputs.slice(0, inputs.findLastIndex((input) => input !== undefined) + 1),
      outputs,
      attributes,
    });
    return outputs.filter((output) => output !== undefined);
  }

  /**
   * Names a result of the graph. `alias` is the input into whose memory it may be written.
   * @throws GraphError when the name is taken, or the alias is no input of the same type.
   */
  output(name: string, value: Value, alias?: string): void {
    if (this.outputs.some((output) => output.name === name))
      throw new GraphError('graph', `there is already an output named '${name}'`);
    if (builders.get(value) !== this)
      throw new GraphError('graph', `the output '${name}' belongs to another graph`);
    const input = this.inputs.find((one) => one.name === alias);
    if (
      alias !== undefined &&
      (input === undefined || input.dtype !== value.dtype || !sameShape(input.shape, value.shape))
    )
      throw new GraphError('graph', `there is no input '${alias}' of the type of the output '${name}'`, [
        value,
        input,
      ]);
    this.outputs.push({ name, value });
    if (alias !== undefined) this.aliases.set(name, alias);
  }

  /** Records that the nodes added by `body` have the given gradient as a whole. */
  composite(
    name: string,
    inputs: readonly Value[],
    body: () => { readonly outputs: readonly Value[]; readonly saved: readonly Value[] },
    gradient: Composite['gradient'],
  ): readonly Value[] {
    const start = this.addedNodes.length;
    const { outputs, saved } = this.scope(name, body);
    this.addedComposites.push({ name, inputs, outputs, saved, start, end: this.addedNodes.length, gradient });
    return outputs;
  }

  /**
   * Marks the nodes added by `body` for recomputation: the backward pass computes them again from `inputs`
   * (Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016).
   */
  checkpoint(inputs: readonly Value[], body: () => Value): Value {
    const start = this.addedNodes.length;
    const output = body();
    this.checkpointedSegments.push({ inputs, output, start, end: this.addedNodes.length });
    return output;
  }

  /** The finished graph, without the nodes and constants that no output needs. */
  finish(): Graph {
    return prune({
      name: this.name,
      inputs: [...this.inputs],
      outputs: [...this.outputs],
      nodes: [...this.addedNodes],
      constants: new Map(this.constants),
      aliases: new Map(this.aliases),
    });
  }

  private makeValue(name: string, dtype: DataType, shape: Shape): Value {
    this.usedNames.add(name);
    const value: Value = { name, dtype, shape };
    builders.set(value, this);
    return value;
  }

  private uniqueName(stem: string): string {
    const base = `${this.scopeName}${stem}`;
    for (let number = this.addedNodes.length + this.constants.size; ; number++) {
      const name = `${base}_${number}`;
      if (!this.usedNames.has(name)) return name;
    }
  }
}
