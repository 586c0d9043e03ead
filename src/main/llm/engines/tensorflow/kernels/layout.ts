import type { Tensor } from '@tensorflow/tfjs-core';
import { intAttribute, intsAttribute } from '../../../graph/operators/declaration.ts';
import { clampBound } from '../../../graph/operators/layout.ts';
import { normalizeAxis } from '../../../graph/shapes.ts';
import { drop, operation, type KernelContext, type KernelDeclaration } from './kernel.ts';

/** Reshapes to extents that are known, or follow from the tensor at each run. */
function reshapeTo(
  { tensorflow, keep }: KernelContext,
  extents: readonly number[] | ((shape: readonly number[]) => readonly number[]),
): (x: Tensor) => Tensor {
  if (typeof extents !== 'function') {
    const shape = keep(tensorflow.integers(extents));
    return (x) => tensorflow.run('Reshape', [x, shape]);
  }
  return (x) => {
    const shape = tensorflow.integers(extents(x.shape));
    return drop(tensorflow.run('Reshape', [x, shape]), shape);
  };
}

const reshape: KernelDeclaration = {
  hostInputs: [1],
  make: (context) => {
    const wanted = context.integers(1);
    const change = reshapeTo(
      context,
      wanted.includes(0)
        ? (shape) => wanted.map((extent, axis) => (extent === 0 ? shape[axis]! : extent))
        : wanted,
    );
    return ([x]) => [change(x!)];
  },
};

const unsqueeze: KernelDeclaration = {
  hostInputs: [1],
  make: (context) => {
    const inserted = context.integers(1);
    const rank = context.node.inputs[0]!.shape.length + inserted.length;
    const at = new Set(inserted.map((axis) => normalizeAxis('Unsqueeze', axis, rank)));
    const extents = (shape: readonly number[]): readonly number[] => {
      const remaining = shape.values();
      return Array.from({ length: rank }, (_, axis) => (at.has(axis) ? 1 : remaining.next().value!));
    };
    const change = reshapeTo(context, extents);
    return ([x]) => [change(x!)];
  },
};

const transpose: KernelDeclaration = {
  make: ({ tensorflow, node, keep }) => {
    const rank = node.inputs[0]!.shape.length;
    const permutation = keep(
      tensorflow.integers(
        intsAttribute(node.attributes, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis),
      ),
    );
    return ([x]) => [tensorflow.run('Transpose', [x!, permutation])];
  },
};

const concat: KernelDeclaration = {
  make: ({ tensorflow, node, keep }) => {
    const axis = keep(tensorflow.integers(intAttribute(node.attributes, 'axis', 0)));
    const attributes = [tensorflow.integer('N', node.inputs.length)];
    return (inputs) => [
      tensorflow.run(
        'ConcatV2',
        [...(inputs as readonly Tensor[]), axis],
        [
          ...attributes,
          tensorflow.type('T', inputs[0]!.dtype as 'float32'),
          tensorflow.type('Tidx', 'int32'),
        ],
      ),
    ];
  },
};

const split: KernelDeclaration = {
  hostInputs: [1],
  make: ({ tensorflow, node, integers, keep }) => {
    const lengths = integers(1);
    const sizes = keep(tensorflow.integers(lengths));
    const axis = keep(tensorflow.integers(intAttribute(node.attributes, 'axis', 0)));
    const attributes = [tensorflow.integer('num_split', lengths.length)];
    return ([x]) => tensorflow.runAll('SplitV', [x!, sizes, axis], attributes, lengths.length);
  },
};

const slice: KernelDeclaration = {
  hostInputs: [1, 2, 3],
  make: ({ tensorflow, node, integers, keep }) => {
    const [from = 0] = integers(1);
    const [to = 0] = integers(2);
    const rank = node.inputs[0]!.shape.length;
    const axis = normalizeAxis('Slice', integers(3)[0] ?? 0, rank);
    const bounds = (extent: number): readonly [Tensor, Tensor] => {
      const start = clampBound(from, extent);
      const length = Math.max(0, clampBound(to, extent) - start);
      const along = (value: number, other: number): Tensor =>
        tensorflow.integers(Array.from({ length: rank }, (_, each) => (each === axis ? value : other)));
      return [along(start, 0), along(length, -1)];
    };
    const extent = node.inputs[0]!.shape[axis]!;
    if (typeof extent === 'number') {
      const [begin, size] = bounds(extent).map(keep) as [Tensor, Tensor];
      return ([x]) => [tensorflow.run('Slice', [x!, begin, size])];
    }
    return ([x]) => {
      const [begin, size] = bounds(x!.shape[axis]!);
      return [drop(tensorflow.run('Slice', [x!, begin, size]), begin, size)];
    };
  },
};

const pad: KernelDeclaration = {
  hostInputs: [1],
  make: ({ tensorflow, node, integers, keep }) => {
    const amounts = integers(1);
    const rank = node.inputs[0]!.shape.length;
    const paddings = keep(
      tensorflow.upload(
        'int32',
        [rank, 2],
        Int32Array.from({ length: 2 * rank }, (_, i) => amounts[(i >> 1) + (i % 2) * rank]!),
      ),
    );
    return ([x]) => [tensorflow.run('Pad', [x!, paddings])];
  },
};

const expand: KernelDeclaration = {
  hostInputs: [1],
  make: ({ tensorflow, integers }) => {
    const target = integers(1);
    return ([x]) => {
      const rank = Math.max(target.length, x!.shape.length);
      const shape = tensorflow.integers(
        Array.from({ length: rank }, (_, axis) => {
          const own = x!.shape[axis - rank + x!.shape.length] ?? 1;
          const wanted = target[axis - rank + target.length] ?? 1;
          return own === 1 ? wanted : own;
        }),
      );
      return [drop(tensorflow.run('BroadcastTo', [x!, shape]), shape)];
    };
  },
};

const layout: Readonly<Record<string, KernelDeclaration>> = {
  Reshape: reshape,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Expand: expand,
  Identity: operation('Identity'),
};

/** All of these may give back what they were given. */
export const layoutKernels: Readonly<Record<string, KernelDeclaration>> = Object.fromEntries(
  Object.entries(layout).map(([name, kernel]) => [name, { ...kernel, mayShare: true }]),
);
