import type { Tensor } from '@tensorflow/tfjs-core';
import { floatAttribute, intAttribute } from '../../../graph/operators/declaration.ts';
import type { TensorFlow } from '../tensorflow.ts';
import type { KernelDeclaration } from './kernel.ts';

/** Tensors on the way to a result, disposed of together. */
class Scratch {
  readonly #tensors: Tensor[] = [];
  readonly #tensorflow: TensorFlow;

  constructor(tensorflow: TensorFlow) {
    this.#tensorflow = tensorflow;
  }

  run(...call: Parameters<TensorFlow['run']>): Tensor {
    return this.keep(this.#tensorflow.run(...call));
  }

  integers(values: readonly number[]): Tensor {
    return this.keep(this.#tensorflow.integers(values));
  }

  reshape(x: Tensor, shape: readonly number[]): Tensor {
    return this.run('Reshape', [x, this.integers(shape)]);
  }

  transpose(x: Tensor, permutation: readonly number[]): Tensor {
    return this.run('Transpose', [x, this.integers(permutation)]);
  }

  slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor {
    return this.run('Slice', [x, this.integers(begin), this.integers(size)]);
  }

  keep(tensor: Tensor): Tensor {
    this.#tensors.push(tensor);
    return tensor;
  }

  dispose(): void {
    for (const tensor of this.#tensors) tensor.dispose();
  }
}

/** Far below any score, and still finite. */
const never = -1e9;

/** [repeats · steps, past + steps]: 0 where a new token may look, `never` where its future is. */
function causalMask(past: number, steps: number, repeats: number): Float32Array {
  const width = past + steps;
  const mask = new Float32Array(repeats * steps * width);
  for (let row = 0; row < repeats * steps; row++)
    mask.fill(never, row * width + past + (row % steps) + 1, (row + 1) * width);
  return mask;
}

/** com.microsoft GroupQueryAttention: the new keys and values are written into the cache where it lies. */
const groupQueryAttention: KernelDeclaration = {
  inPlace: { 1: 3, 2: 4 },
  make: ({ tensorflow, node }) => {
    const heads = intAttribute(node.attributes, 'num_heads', 1);
    const keyValueHeads = intAttribute(node.attributes, 'kv_num_heads', 1);
    const groups = heads / keyValueHeads;
    const rotary = intAttribute(node.attributes, 'do_rotary', 0) === 1;
    const scale = floatAttribute(node.attributes, 'scale', 0);

    return ([query, key, value, pastKey, pastValue, lengths, , cosines, sines]) => {
      const [batch, steps, width] = query!.shape as [number, number, number];
      const size = width / heads;
      const capacity = pastKey!.shape[2]!;
      const valid = tensorflow.read('int32', lengths!) as Int32Array;
      const scratch = new Scratch(tensorflow);
      const factor = scratch.keep(tensorflow.number(scale === 0 ? 1 / Math.sqrt(size) : scale));
      const rows = (cache: Tensor): Tensor =>
        scratch.reshape(cache, [batch * keyValueHeads * capacity, size]);
      let keys = rows(pastKey!);
      let values = rows(pastValue!);
      const attentionOutput = Array.from({ length: batch }, (_, item) => attend(item));
      const output =
        attentionOutput.length === 1
          ? attentionOutput[0]!
          : scratch.run(
              'ConcatV2',
              [...attentionOutput, scratch.keep(tensorflow.integers(0))],
              [
                tensorflow.integer('N', batch),
                tensorflow.type('T', 'float32'),
                tensorflow.type('Tidx', 'int32'),
              ],
            );
      const results = [
        reshaped(output, [batch, steps, width]),
        reshaped(keys, pastKey!.shape),
        reshaped(values, pastValue!.shape),
      ];
      scratch.dispose();
      return results;

      /** A tensor of another shape over the same memory, that outlives the scratch. */
      function reshaped(x: Tensor, shape: readonly number[]): Tensor {
        return tensorflow.run('Reshape', [x, scratch.integers(shape)]);
      }

      /** New tokens of one sequence, [1, steps, count · size], as [count, steps, size]. */
      function headsOf(x: Tensor, item: number, count: number, past: number, turns: boolean): Tensor {
        const own = batch === 1 ? x : scratch.slice(x, [item, 0, 0], [1, -1, -1]);
        const apart = scratch.reshape(own, [steps, count, size]);
        return scratch.transpose(turns ? turn(apart, past) : apart, [1, 0, 2]);
      }

      /** Turns the halves of each head, [steps, count, size], by the angles of its position. */
      function turn(x: Tensor, past: number): Tensor {
        const half = size / 2;
        const [cosine, sine] = [cosines!, sines!].map((table) =>
          scratch.reshape(scratch.slice(table, [past, 0], [steps, half]), [steps, 1, half]),
        ) as [Tensor, Tensor];
        const first = scratch.slice(x, [0, 0, 0], [-1, -1, half]);
        const second = scratch.slice(x, [0, 0, half], [-1, -1, half]);
        const product = (a: Tensor, b: Tensor): Tensor => scratch.run('Mul', [a, b]);
        return scratch.run(
          'ConcatV2',
          [
            scratch.run('Sub', [product(first, cosine), product(second, sine)]),
            scratch.run('AddV2', [product(second, cosine), product(first, sine)]),
            scratch.keep(tensorflow.integers(2)),
          ],
          [tensorflow.integer('N', 2), tensorflow.type('T', 'float32'), tensorflow.type('Tidx', 'int32')],
        );
      }

      /** Puts new rows, [keyValueHeads, steps, size], behind those of the past. */
      function append(cache: Tensor, added: Tensor, item: number, past: number): Tensor {
        const at = Array.from({ length: keyValueHeads * steps }, (_, row) => {
          const group = Math.floor(row / steps);
          return (item * keyValueHeads + group) * capacity + past + (row % steps);
        });
        const flat = scratch.reshape(added, [keyValueHeads * steps, size]);
        return scratch.run('InplaceUpdate', [cache, scratch.integers(at), flat]);
      }

      /** What the cache holds of a sequence: [keyValueHeads, total, size]. */
      function held(cache: Tensor, item: number, total: number): Tensor {
        const apart = scratch.reshape(cache, [batch * keyValueHeads, capacity, size]);
        return scratch.slice(apart, [item * keyValueHeads, 0, 0], [keyValueHeads, total, size]);
      }

      /** Attention of one sequence's new tokens: [1, steps, heads · size]. */
      function attend(item: number): Tensor {
        const total = valid[item]! + 1;
        const past = total - steps;
        keys = append(keys, headsOf(key!, item, keyValueHeads, past, rotary), item, past);
        values = append(values, headsOf(value!, item, keyValueHeads, past, false), item, past);
        const queries = scratch.reshape(headsOf(query!, item, heads, past, rotary), [
          keyValueHeads,
          groups * steps,
          size,
        ]);
        const scaled = scratch.run('Mul', [queries, factor]);
        const scores = scratch.run(
          'BatchMatMulV2',
          [scaled, held(keys, item, total)],
          [tensorflow.boolean('adj_x', false), tensorflow.boolean('adj_y', true)],
        );
        const seen =
          steps === 1
            ? scores
            : scratch.run('AddV2', [
                scores,
                scratch.keep(
                  tensorflow.upload('float32', [groups * steps, total], causalMask(past, steps, groups)),
                ),
              ]);
        const probabilities = scratch.run('Softmax', [seen]);
        const mixed = scratch.run('BatchMatMulV2', [probabilities, held(values, item, total)]);
        const apart = scratch.reshape(mixed, [heads, steps, size]);
        return scratch.reshape(scratch.transpose(apart, [1, 0, 2]), [1, steps, width]);
      }
    };
  },
};

export const attentionKernels: Readonly<Record<string, KernelDeclaration>> = {
  GroupQueryAttention: groupQueryAttention,
};
