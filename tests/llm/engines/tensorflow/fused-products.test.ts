import type { Tensor } from '@tensorflow/tfjs-core';
import { arch, platform } from 'node:process';
import { describe, expect, test } from 'vitest';
import {
  createFusedProducts,
  type FusedActivation,
  type FusedProducts,
} from '../../../../src/main/llm/engines/tensorflow/fused-products.ts';
import { loadTensorFlow } from '../../../../src/main/llm/engines/tensorflow/library.ts';
import {
  TensorFlow,
  type KernelBackend,
  type NativeBinding,
  type OperationAttribute,
} from '../../../../src/main/llm/engines/tensorflow/tensorflow.ts';
import { installedPack, tensorFlowTitle } from './installed-pack.ts';

const every: readonly FusedActivation[] = ['Relu', 'Tanh', 'Sigmoid', 'GeluApproximate', 'GeluExact'];
const those = ({ has }: FusedProducts): readonly FusedActivation[] => every.filter(has);

const binding: NativeBinding = {
  TF_FLOAT: 1,
  TF_INT32: 3,
  TF_BOOL: 10,
  TF_ATTR_BOOL: 4,
  TF_ATTR_INT: 1,
  TF_ATTR_FLOAT: 2,
  TF_ATTR_STRING: 0,
  TF_ATTR_TYPE: 5,
  TF_ATTR_SHAPE: 6,
  TF_Version: '0',
  isUsingGpuDevice: () => false,
  getNumOfTensors: () => 0,
};

/** A tensor on the host. */
interface Held {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** TensorFlow whose only operation is a fused product, as told. */
function tensorFlowWith(
  compute: (operation: string, fused: readonly string[], inputs: readonly Held[]) => Float32Array,
): { readonly tensorflow: TensorFlow; readonly alive: () => number } {
  const held = new Map<Tensor, Held>();
  const hold = (data: Float32Array, shape: readonly number[]): Tensor => {
    const tensor: Partial<Tensor> = {
      dispose: () => void held.delete(tensor as Tensor),
      dataSync: (() => data) as Tensor['dataSync'],
    };
    held.set(tensor as Tensor, { data, shape });
    return tensor as Tensor;
  };
  const backend: KernelBackend = {
    executeMultipleOutputs: (operation, attributes: readonly OperationAttribute[], inputs) => {
      const fused = attributes.find(({ name }) => name === 'fused_ops')!.value as readonly string[];
      const [a, b] = inputs.map((input) => held.get(input)!);
      return [
        hold(
          compute(
            operation,
            fused,
            inputs.map((input) => held.get(input)!),
          ),
          [a!.shape[0]!, b!.shape[1]!],
        ),
      ];
    },
  };
  const tensorflow = new TensorFlow(
    {
      tensor: (values, shape) => hold(values as Float32Array, shape),
      memory: () => ({ numTensors: held.size, numBytes: 0 }),
    },
    backend,
    binding,
  );
  return { tensorflow, alive: () => held.size };
}

/** a · b + bias. */
function sums([a, b, bias]: readonly Held[]): Float32Array {
  const [rows, inner] = a!.shape as [number, number];
  const columns = b!.shape[1]!;
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return Array.from(
      { length: inner },
      (__, k) => a!.data[row * inner + k]! * b!.data[k * columns + column]!,
    ).reduce((sum, part) => sum + part, bias!.data[column]!);
  });
}

const relu = (figures: Float32Array): Float32Array => figures.map((figure) => Math.max(0, figure));

const refuse = (): never => {
  throw new Error('Argument is not a string!');
};

describe('Fused products', () => {
  test('are done without where the binding passes no list of texts', () => {
    const { tensorflow, alive } = tensorFlowWith(refuse);
    expect(those(createFusedProducts(tensorflow))).toEqual([]);
    expect(alive()).toBe(0);
  });

  test('are not tried before one is asked for, and once only: training has no place for them', () => {
    let tries = 0;
    const { tensorflow } = tensorFlowWith((_, __, inputs) => {
      tries += 1;
      return relu(sums(inputs));
    });
    const products = createFusedProducts(tensorflow);
    expect(tries).toBe(0);
    expect(products.has('Relu')).toBe(true);
    const first = tries;
    expect(products.has('Relu')).toBe(true);
    expect(tries).toBe(first);
  });

  test('are done without where they give other numbers', () => {
    const { tensorflow } = tensorFlowWith((_, __, inputs) =>
      sums(inputs).map((sum) => Math.max(0, sum) + 0.01),
    );
    expect(those(createFusedProducts(tensorflow))).toEqual([]);
  });

  test('are done without where a kernel goes on with the first weights that it saw', () => {
    let first: Held | undefined;
    const { tensorflow } = tensorFlowWith((_, __, [a, b, bias]) => {
      first ??= { ...b!, data: b!.data.slice() };
      return relu(sums([a!, first, bias!]));
    });
    expect(those(createFusedProducts(tensorflow))).toEqual([]);
  });

  test('take TensorFlow’s own operation where there is none of oneDNN, with those activations that it has', () => {
    const asked: string[] = [];
    const { tensorflow, alive } = tensorFlowWith((operation, fused, inputs) => {
      asked.push(operation);
      if (operation !== '_FusedMatMul' || fused.join(',') !== 'BiasAdd,Relu') refuse();
      return relu(sums(inputs));
    });
    expect(those(createFusedProducts(tensorflow))).toEqual(['Relu']);
    expect(asked[0]).toBe('_MklNativeFusedMatMul');
    expect(alive()).toBe(0);
  });
});

describe.skipIf(installedPack === undefined)(tensorFlowTitle, () => {
  test.skipIf(platform !== 'linux' || arch !== 'x64')(
    'computes every activation with its product (on Linux x64: elsewhere TensorFlow has fewer such kernels)',
    () => {
      const { fusedProducts, tensorflow } = loadTensorFlow(installedPack!, 2);
      expect(those(fusedProducts)).toEqual(tensorflow.usesGpu ? expect.arrayContaining(['Relu']) : every);
    },
  );
});
