import type { Tensor } from '@tensorflow/tfjs-core';
import { intAttribute, stringAttribute } from '../../../graph/operators/declaration.ts';
import { stridesOf } from '../../../graph/operators/real-arrays.ts';
import { normalizeAxis } from '../../../graph/shapes.ts';
import { drop, type KernelContext, type KernelDeclaration } from './kernel.ts';

/**
 * Turns indices that count from the end into those from the front, and refuses those that point nowhere: TensorFlow's
 * kernels for cards would take nothing, or write elsewhere, without a word. Integers lie on the host anyway.
 * @throws RangeError when an index lies outside
 */
function fromFront({ tensorflow, node }: KernelContext): (indices: Tensor, extent: number) => Tensor {
  return (indices, extent) => {
    const resolved = Int32Array.from(tensorflow.read('int32', indices) as Int32Array, (index) => {
      const at = index < 0 ? index + extent : index;
      if (at < 0 || at >= extent)
        throw new RangeError(`${node.operator}: index ${index} lies outside ${extent} elements.`);
      return at;
    });
    return tensorflow.upload('int32', indices.shape, resolved);
  };
}

const gather: KernelDeclaration = {
  make: (context) => {
    const { tensorflow, node, keep } = context;
    const at = normalizeAxis(
      'Gather',
      intAttribute(node.attributes, 'axis', 0),
      node.inputs[0]!.shape.length,
    );
    const axis = keep(tensorflow.integers(at));
    const resolve = fromFront(context);
    return ([data, indices]) => {
      const resolved = resolve(indices!, data!.shape[at]!);
      return [drop(tensorflow.run('GatherV2', [data!, resolved, axis]), resolved)];
    };
  },
};

/** Where each element of `indices` points to in the flattened data (GatherElements, ScatterElements). */
function elementPositions(context: KernelContext): (data: Tensor, indices: Tensor) => Tensor {
  const { tensorflow, node, keep } = context;
  const name = node.operator;
  const [dataValue, indicesValue] = [node.inputs[0]!, node.inputs[1]!];
  const axis = normalizeAxis(name, intAttribute(node.attributes, 'axis', 0), dataValue.shape.length);
  const resolve = fromFront(context);
  const startsOf = (shape: readonly number[], extents: readonly number[]): Tensor => {
    const strides = stridesOf(shape);
    const own = stridesOf(extents);
    const starts = Int32Array.from({ length: extents.reduce((a, b) => a * b, 1) }, (_, element) =>
      strides.reduce(
        (sum, stride, i) => (i === axis ? sum : sum + (Math.floor(element / own[i]!) % extents[i]!) * stride),
        0,
      ),
    );
    return tensorflow.upload('int32', extents, starts);
  };
  const isFixed = [...dataValue.shape, ...indicesValue.shape].every((extent) => typeof extent === 'number');
  const fixed = isFixed
    ? keep(startsOf(dataValue.shape as readonly number[], indicesValue.shape as readonly number[]))
    : undefined;
  return (data, indices) => {
    const resolved = resolve(indices, data.shape[axis]!);
    const stride = tensorflow.integers(stridesOf(data.shape)[axis]!);
    const offsets = drop(tensorflow.run('Mul', [resolved, stride]), resolved, stride);
    const starts = fixed ?? startsOf(data.shape, indices.shape);
    const positions = drop(tensorflow.run('AddV2', [offsets, starts]), offsets);
    if (fixed === undefined) starts.dispose();
    return positions;
  };
}

const gatherElements: KernelDeclaration = {
  make: (context) => {
    const { tensorflow, keep } = context;
    const positionsOf = elementPositions(context);
    const flat = keep(tensorflow.integers([-1]));
    const axis = keep(tensorflow.integers(0));
    return ([data, indices]) => {
      const positions = positionsOf(data!, indices!);
      const elements = tensorflow.run('Reshape', [data!, flat]);
      return [drop(tensorflow.run('GatherV2', [elements, positions, axis]), elements, positions)];
    };
  },
};

const scatterElements: KernelDeclaration = {
  inPlace: { 0: 0 },
  make: (context) => {
    const { tensorflow, node, keep } = context;
    const positionsOf = elementPositions(context);
    const flat = keep(tensorflow.integers([-1]));
    const name =
      stringAttribute(node.attributes, 'reduction', 'none') === 'add' ? 'InplaceAdd' : 'InplaceUpdate';
    return ([data, indices, updates]) => {
      const positions = positionsOf(data!, indices!);
      const rows = drop(tensorflow.run('Reshape', [positions, flat]), positions);
      const elements = tensorflow.run('Reshape', [data!, flat]);
      const values = tensorflow.run('Reshape', [updates!, flat]);
      const changed = drop(tensorflow.run(name, [elements, rows, values]), elements, rows, values);
      const shape = tensorflow.integers(data!.shape);
      return [drop(tensorflow.run('Reshape', [changed, shape]), changed, shape)];
    };
  },
};

/** Rows put or added at the row numbers [N, 1]. */
const scatterND: KernelDeclaration = {
  inPlace: { 0: 0 },
  make: (context) => {
    const { tensorflow, node, keep } = context;
    const flat = keep(tensorflow.integers([-1]));
    const resolve = fromFront(context);
    const name =
      stringAttribute(node.attributes, 'reduction', 'none') === 'add' ? 'InplaceAdd' : 'InplaceUpdate';
    return ([data, indices, updates]) => {
      const given = tensorflow.run('Reshape', [indices!, flat]);
      const rows = drop(resolve(given, data!.shape[0]), given);
      return [drop(tensorflow.run(name, [data!, rows, updates!]), rows)];
    };
  },
};

/** Sorted on the host, where TensorFlow keeps integers anyway: it has no operation that sorts what is distinct. */
const unique: KernelDeclaration = {
  make: ({ tensorflow, node }) => {
    const { dtype } = node.inputs[0]!;
    return ([x]) => {
      const elements = tensorflow.read(dtype, x!);
      const distinct = [...new Set<number | bigint>(elements)].toSorted((a, b) => Number(a) - Number(b));
      const data =
        dtype === 'float32' ? Float32Array.from(distinct, Number) : Int32Array.from(distinct, Number);
      return [tensorflow.upload(dtype === 'float32' ? 'float32' : 'int32', [distinct.length], data)];
    };
  },
};

const cumSum: KernelDeclaration = {
  hostInputs: [1],
  make: ({ tensorflow, integers, keep }) => {
    const axis = keep(tensorflow.integers(integers(1)[0] ?? 0));
    return ([x]) => [tensorflow.run('Cumsum', [x!, axis])];
  },
};

export const indexingKernels: Readonly<Record<string, KernelDeclaration>> = {
  Gather: gather,
  GatherElements: gatherElements,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  Unique: unique,
  CumSum: cumSum,
};
