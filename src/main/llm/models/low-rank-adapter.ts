import type { Parameter } from './parameter.ts';

/**
 * A low-rank adapter (LoRA: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021, §4.1). Each linear layer
 * that it adapts computes x·W + scale · (x·Aᵀ)·Bᵀ, where A is [rank, in] and B is [out, rank].
 */
export interface LowRankAdapter {
  readonly rank: number;
  /** The scale is alpha / rank, so that another rank needs no other learning rate. */
  readonly alpha: number;
  /** The scale is alpha / √rank instead (Kalajdzievski, "A Rank Stabilization Scaling Factor", 2023). */
  readonly rankStabilized: boolean;
  /** The names of the matrices that are adapted. */
  readonly targets: ReadonlySet<string>;
}

/** By how much what an adapter computes is multiplied. */
export function adapterScale({ rank, alpha, rankStabilized }: LowRankAdapter): number {
  return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
}

/** The names of the two matrices that adapt a layer's, as PEFT saves them. */
export function adapterNames(weight: string): { readonly down: string; readonly up: string } {
  const layer = `base_model.model.${weight.replace(/\.weight$/, '')}`;
  return { down: `${layer}.lora_A.weight`, up: `${layer}.lora_B.weight` };
}

/** Widths of what goes into and comes out of a linear layer. */
export function linearWidths({ name, shape, linear }: Parameter): {
  readonly in: number;
  readonly out: number;
} {
  const [rows, columns] = shape;
  if (linear === undefined || rows === undefined || columns === undefined)
    throw new Error(`"${name}" is no matrix of a linear layer.`);
  return linear === 'in-out' ? { in: rows, out: columns } : { in: columns, out: rows };
}

/**
 * The parameters that an adapter adds to a model's. A begins as chance draws it, within ±1/√in as in PEFT, and B as zeros:
 * an adapter that has learned nothing changes nothing.
 */
export function adapterParameters(
  parameters: readonly Parameter[],
  adapter: LowRankAdapter | undefined,
): readonly Parameter[] {
  if (adapter === undefined) return [];
  const { rank, targets } = adapter;
  return parameters
    .filter(({ name }) => targets.has(name))
    .flatMap((parameter) => {
      const { name, part, layer } = parameter;
      const widths = linearWidths(parameter);
      const { down, up } = adapterNames(name);
      const place = { part, weightDecay: true, ...(layer === undefined ? {} : { layer }) };
      return [
        {
          ...place,
          name: down,
          shape: [rank, widths.in],
          initialization: { kind: 'uniform', bound: 1 / Math.sqrt(widths.in) },
        },
        { ...place, name: up, shape: [widths.out, rank], initialization: { kind: 'constant', value: 0 } },
      ] as const;
    });
}

/**
 * Adds what an adapter computes to the matrix that it adapts: W + scale · B·A, in W's own layout.
 * @param weight the matrix, which is changed in place
 * @param down A, [rank, in]
 * @param up B, [out, rank]
 */
export function mergeAdapter(
  parameter: Parameter,
  weight: Float32Array,
  down: Float32Array,
  up: Float32Array,
  adapter: LowRankAdapter,
): void {
  const widths = linearWidths(parameter);
  const { rank } = adapter;
  const scale = adapterScale(adapter);
  const sums = new Float64Array(widths.in);
  for (let row = 0; row < widths.out; row += 1) {
    sums.fill(0);
    for (let inner = 0; inner < rank; inner += 1) {
      const factor = scale * up[row * rank + inner]!;
      const start = inner * widths.in;
      for (let column = 0; column < widths.in; column += 1) sums[column]! += factor * down[start + column]!;
    }
    if (parameter.linear === 'out-in')
      for (let column = 0; column < widths.in; column += 1)
        weight[row * widths.in + column]! += sums[column]!;
    else
      for (let column = 0; column < widths.in; column += 1)
        weight[column * widths.out + row]! += sums[column]!;
  }
}
