import { afterEach, describe, expect, test } from 'vitest';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import type { DataType } from '../../../../src/main/llm/graph/types.ts';
import { graph, matrixProduct, node, value } from '../onnxruntime/small-graphs.ts';

/** Checks that an engine refuses calls that make no sense, and works on. */
export function describeRefusals(engine: () => Engine): void {
  const owned: DeviceTensor[] = [];
  afterEach(() => {
    for (const made of owned.splice(0)) made.dispose();
  });
  const tensor = (dtype: DataType, shape: readonly number[]): DeviceTensor => {
    const made = engine().allocate(dtype, shape);
    owned.push(made);
    return made;
  };

  describe('refuses', () => {
    test('names that are missing, unknown, or bound to tensors of another type', async () => {
      const program = await engine().compile(matrixProduct('rows', 3, 4));
      const x = tensor('float32', [2, 3]);
      const w = tensor('float32', [3, 4]);
      const y = tensor('float32', [2, 4]);
      await expect(program.run({ x, w })).rejects.toThrow("no tensor is bound to its output 'y'");
      await expect(program.run({ w, y })).rejects.toThrow("no tensor is bound to its input 'x'");
      await expect(program.run({ x, w, y, z: y })).rejects.toThrow("no input or output 'z'");
      await expect(program.run({ x, w: tensor('float32', [3, 5]), y })).rejects.toThrow(
        "input 'w' is float32 [3, 4]; the tensor is float32 [3, 5]",
      );
      await expect(program.run({ x, w: tensor('int32', [3, 4]), y })).rejects.toThrow(
        'the tensor is int32 [3, 4]',
      );
      await expect(program.run({ x, w: tensor('float32', [12]), y })).rejects.toThrow(
        'the tensor is float32 [12]',
      );
      await expect(program.run({ x, w, y: tensor('float32', [3, 4]) })).rejects.toThrow(
        "but 'rows' is 2 in another one",
      );
      await program.run({ x, w, y });
      await program.dispose();
      await expect(program.run({ x, w, y })).rejects.toThrow('disposed of');
      await program.dispose();
    });

    test('one tensor under two names that are no aliases', async () => {
      const x = value('x', 'float32', [4]);
      const [one, two] = [value('one', 'float32', [4]), value('two', 'float32', [4])];
      const program = await engine().compile(
        graph({
          inputs: [x],
          outputs: [one, two],
          nodes: [node('Neg', [x], [one]), node('Exp', [x], [two])],
        }),
      );
      const [a, b] = [tensor('float32', [4]), tensor('float32', [4])];
      await expect(program.run({ x: a, one: a, two: b })).rejects.toThrow(
        "input 'x' and to output 'one', which are no aliases",
      );
      await expect(program.run({ x: a, one: b, two: b })).rejects.toThrow("two outputs, 'one' and 'two'");
      await program.dispose();
    });

    test('tensors that were disposed of, shapes that are none, data of another type or length', async () => {
      const program = await engine().compile(matrixProduct(2, 3, 4));
      const bindings = {
        x: tensor('float32', [2, 3]),
        w: tensor('float32', [3, 4]),
        y: tensor('float32', [2, 4]),
      };
      await program.run(bindings);
      bindings.x.dispose();
      bindings.x.dispose();
      await expect(program.run(bindings)).rejects.toThrow('already disposed of');
      await expect(engine().write(bindings.x, new Float32Array(6))).rejects.toThrow('already disposed of');
      await expect(engine().write(bindings.w, new Float32Array(11))).rejects.toThrow(
        'has 12 elements; 11 were given',
      );
      await expect(engine().write(bindings.w, new Int32Array(12))).rejects.toThrow(
        'is written from a Float32Array, not from a Int32Array',
      );
      expect(() => engine().allocate('float32', [2, -1])).toThrow('is no shape');
      expect(() => engine().allocate('float32', [2.5])).toThrow('is no shape');
      expect(() => engine().allocate('float32', [2 ** 30, 2 ** 30])).toThrow('too large');
      await program.dispose();
    });

    test('to compute what no memory can hold, says how much was asked for and what to do, and works on', async () => {
      const x = value('x', 'float32', ['rows', 1]);
      const y = value('y', 'float32', [1, 1]);
      const wide = value('wide', 'float32', ['rows', 2 ** 30]);
      const extents = value('extents', 'int64', [2]);
      const program = await engine().compile(
        graph({
          inputs: [x],
          outputs: [y],
          constants: [[extents, { dtype: 'int64', shape: [2], data: BigInt64Array.of(1n, 2n ** 30n) }]],
          nodes: [node('Expand', [x, extents], [wide]), node('ReduceMax', [wide], [y])],
        }),
      );
      const output = tensor('float32', [1, 1]);
      await expect(program.run({ x: tensor('float32', [2 ** 15, 1]), y: output })).rejects.toMatchObject({
        name: 'LoamError',
        kind: 'environment',
        what: 'There is not enough memory for another 134217728 MiB.',
      });
      await program.dispose();
      const small = await engine().compile(matrixProduct(1, 1, 1));
      const [three, two] = [tensor('float32', [1, 1]), tensor('float32', [1, 1])];
      await engine().write(three, Float32Array.of(3));
      await engine().write(two, Float32Array.of(2));
      await small.run({ x: three, w: two, y: output });
      expect(await engine().read(output)).toEqual(Float32Array.of(6));
      await small.dispose();
    });

    test('to read a parameter whose set was disposed of', async () => {
      const set = await engine().createParameterSet([{ name: 'p', shape: [2], weightDecay: true }]);
      const parameter = set.buffer('parameters')['p']!;
      await set.dispose();
      await expect(engine().read(parameter)).rejects.toThrow('disposed of');
      await expect(engine().write(parameter, new Float32Array(2))).rejects.toThrow('disposed of');
    });

    test('two parameters of one name', async () => {
      const twin = { name: 'p', shape: [2], weightDecay: true };
      await expect(engine().createParameterSet([twin, twin])).rejects.toThrow("two parameters named 'p'");
    });
  });
}
