import type { CheckpointedSegment, Composite, GraphBuilder } from './builder.ts';
import { builderOf } from './builder.ts';
import { gradientRules } from './gradients/table.ts';
import { add, mul } from './operators/elementwise.ts';
import { reshape, slice } from './operators/layout.ts';
import { operatorDeclaration } from './operators/table.ts';
import { GraphError } from './shape-error.ts';
import { sameShape } from './shapes.ts';
import type { Value } from './types.ts';

/**
 * Adds the backward pass to the graph of `loss` (a float32 scalar): reverse-mode differentiation, last node first.
 * Gives, for each of `targets`, the value of d loss / d target. With an accumulator for a target, the result is
 * accumulator + gradient.
 * @throws GraphError when the loss is no float32 scalar, does not depend on a target, or depends on one through an
 * operator without a gradient.
 */
export function gradient(
  loss: Value,
  targets: readonly Value[],
  accumulators: ReadonlyMap<Value, Value> = new Map(),
): ReadonlyMap<Value, Value> {
  const builder = builderOf(loss);
  if (loss.dtype !== 'float32' || loss.shape.length > 0)
    throw new GraphError('gradient', 'the loss must be a float32 scalar', [loss]);
  const pass = new BackwardPass(builder, targets);
  pass.contribute(loss, builder.scalar(1));
  pass.run();
  return new Map(
    targets.map((target) => {
      const total = pass.total(target, accumulators.get(target));
      if (total === undefined)
        throw new GraphError('gradient', `the loss does not depend on '${target.name}'`);
      return [target, total];
    }),
  );
}

/** One backward pass: the gradients that have arrived at each value so far, and the walk that makes them flow. */
class BackwardPass {
  private readonly builder: GraphBuilder;
  private readonly contributions = new Map<Value, Value[]>();
  /** Values that depend on a target: gradients flow to no others. */
  private readonly relevant: ReadonlySet<Value>;
  /** What the backward pass reads instead of a value inside a checkpointed segment. */
  private readonly recomputed = new Map<Value, Value>();

  constructor(builder: GraphBuilder, targets: readonly Value[]) {
    this.builder = builder;
    const relevant = new Set(targets);
    for (const node of builder.nodes) {
      if (node.inputs.some((input) => input !== undefined && relevant.has(input)))
        for (const output of node.outputs) if (output !== undefined) relevant.add(output);
    }
    this.relevant = relevant;
  }

  contribute(value: Value, gradient: Value | undefined): void {
    if (gradient === undefined || !this.relevant.has(value)) return;
    if (!sameShape(gradient.shape, value.shape))
      throw new GraphError('gradient', `what arrives at '${value.name}' has another shape`, [
        value,
        gradient,
      ]);
    const arrived = this.contributions.get(value);
    if (arrived === undefined) this.contributions.set(value, [gradient]);
    else arrived.push(gradient);
  }

  /** The sum of the gradients that arrived at a value, added to `start` if there is one. */
  total(value: Value, start?: Value): Value | undefined {
    const arrived = this.contributions.get(value);
    if (arrived === undefined) return undefined;
    const parts = start === undefined ? arrived : [start, ...arrived];
    return parts.reduce((sum, part) => add(sum, part));
  }

  run(): void {
    const composites = new Map(this.builder.composites.map((composite) => [composite.end - 1, composite]));
    const segments = new Map(this.builder.checkpointed.map((segment) => [segment.end - 1, segment]));
    const starts = new Map(this.builder.checkpointed.map((segment) => [segment.start, segment.inputs]));
    for (let index = this.builder.nodes.length - 1; index >= 0; index--) {
      const segment = segments.get(index);
      if (segment !== undefined) this.recompute(segment);
      const composite = composites.get(index);
      if (composite === undefined) {
        this.throughNode(index);
      } else {
        this.throughComposite(composite);
        index = composite.start;
      }
      // A segment's input is read by others too (the residual stream): only inside the segment is its copy used.
      for (const input of starts.get(index) ?? []) this.recomputed.delete(input);
    }
  }

  private throughNode(index: number): void {
    const node = this.builder.nodes[index]!;
    const outputGradients = node.outputs.map((output) =>
      output === undefined ? undefined : this.total(output),
    );
    if (outputGradients.every((gradient) => gradient === undefined)) return;
    const rule = gradientRules[node.operator];
    if (rule === undefined) {
      if (
        node.inputs.some(
          (input) => input !== undefined && input.dtype === 'float32' && this.relevant.has(input),
        )
      )
        throw new GraphError(
          node.operator,
          'this operator has no gradient, but the loss depends on a parameter through it',
          node.inputs,
        );
      return;
    }
    const gradients = rule({
      inputs: node.inputs.map((input) => this.resolve(input)),
      outputs: node.outputs.map((output) => this.resolve(output)),
      outputGradients,
      attributes: node.attributes,
    });
    node.inputs.forEach((input, position) => {
      if (input !== undefined) this.contribute(input, gradients[position]);
    });
  }

  private throughComposite(composite: Composite): void {
    for (const node of this.builder.nodes.slice(composite.start, composite.end)) {
      for (const value of node.outputs) {
        if (value !== undefined && this.contributions.has(value) && !composite.outputs.includes(value))
          throw new GraphError(composite.name, `no gradient flows through '${value.name}' inside it`, [
            value,
          ]);
      }
    }
    const outputGradients = composite.outputs.map((output) => this.total(output));
    if (outputGradients.every((gradient) => gradient === undefined)) return;
    const resolveAll = (values: readonly Value[]): readonly Value[] =>
      values.map((value) => this.recomputed.get(value) ?? value);
    const gradients = composite.gradient({
      inputs: resolveAll(composite.inputs),
      outputs: resolveAll(composite.outputs),
      saved: resolveAll(composite.saved),
      outputGradients,
    });
    composite.inputs.forEach((input, position) => this.contribute(input, gradients[position]));
  }

  private resolve(value: Value | undefined): Value | undefined {
    return value === undefined ? undefined : (this.recomputed.get(value) ?? value);
  }

  /**
   * Adds a second copy of a segment's nodes, to be read by its backward pass. The copy's inputs depend on the gradient
   * that arrives at the segment (plus zero times one of its elements), so that no engine can compute it earlier, or
   * merge it with the first.
   */
  private recompute(segment: CheckpointedSegment): void {
    const arriving = this.total(segment.output);
    if (arriving === undefined) return;
    this.contributions.set(segment.output, [arriving]);
    const nothing = mul(slice(reshape(arriving, [-1]), 0, 0, 1), 0);
    for (const input of segment.inputs) this.recomputed.set(input, add(input, nothing));
    for (const node of this.builder.nodes.slice(segment.start, segment.end)) {
      const copies = this.builder.apply(
        operatorDeclaration(node.operator, node.domain),
        node.inputs.map((input) => this.resolve(input)),
        node.attributes,
        node.outputs.map((output) => output !== undefined),
      );
      node.outputs
        .filter((output) => output !== undefined)
        .forEach((output, position) => this.recomputed.set(output, copies[position]!));
    }
  }
}
