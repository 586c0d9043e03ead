import type { Tensor } from '@tensorflow/tfjs-core';
import type { GraphNode } from '../../../graph/types.ts';
import type { FusedProducts } from '../fused-products.ts';
import type { TensorFlow } from '../tensorflow.ts';

/** The inputs of one run of a node; those that the node lacks, or that were read when it was compiled, are undefined. */
export type KernelInputs = readonly (Tensor | undefined)[];

/** Computes a node's outputs, in new tensors. The inputs stay the caller's. */
export type Kernel = (inputs: KernelInputs) => readonly Tensor[];

/** What a kernel can be made from. */
export interface KernelContext {
  readonly tensorflow: TensorFlow;
  readonly fusedProducts: FusedProducts;
  readonly node: GraphNode;
  /** The elements of a constant integer input. @throws GraphError when it is none */
  readonly integers: (input: number) => readonly number[];
  /** A tensor that lives as long as the program. */
  readonly keep: (tensor: Tensor) => Tensor;
}

/** How an ONNX operator is computed with TensorFlow's. */
export interface KernelDeclaration {
  readonly make: (context: KernelContext) => Kernel;
  /** Inputs that are read when the graph is compiled and never lie on the device: shapes, axes, bounds. */
  readonly hostInputs?: readonly number[];
  /** Outputs that are written into the memory of an input: output → input. That input belongs to the kernel then. */
  readonly inPlace?: Readonly<Record<number, number>>;
  /**
   * An output may show the memory of an input: TensorFlow gives a tensor back as it is where there is nothing to do, such as
   * a slice of all of it.
   */
  readonly mayShare?: boolean;
}

/** A kernel that is one operation of TensorFlow, over the node's inputs in their order. */
export function operation(name: string): KernelDeclaration {
  return {
    make: ({ tensorflow }) => {
      return (inputs) => [tensorflow.run(name, inputs as readonly Tensor[])];
    },
  };
}

/** Disposes of tensors that were only on the way to a result. */
export function drop<Result>(result: Result, ...between: readonly Tensor[]): Result {
  for (const tensor of between) tensor.dispose();
  return result;
}
