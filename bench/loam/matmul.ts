import { GraphBuilder } from '../../src/main/llm/graph/builder.ts';
import { gemm } from '../../src/main/llm/graph/operators/matrix.ts';
import { createOnnxRuntimeEngine } from '../../src/main/llm/engines/onnxruntime/engine.ts';
import { readParameters, reportResult } from './parameters.ts';

/** Measures ONNX Runtime's Gemm on square matrices: the fastest run of each size in GFLOP/s. */
const { threads, sizes, seconds } = readParameters() as {
  threads: number;
  sizes: readonly number[];
  seconds: number;
};
const engine = await createOnnxRuntimeEngine({ threads });
const rates: Record<string, number> = {};
for (const size of sizes) {
  const builder = new GraphBuilder('matrix_product');
  const a = builder.input('a', 'float32', [size, size]);
  const b = builder.input('b', 'float32', [size, size]);
  builder.output('product', gemm(a, b));
  const program = await engine.compile(builder.finish());
  const bindings = {
    a: engine.allocate('float32', [size, size]),
    b: engine.allocate('float32', [size, size]),
    product: engine.allocate('float32', [size, size]),
  };
  const values = Float32Array.from(
    { length: size * size },
    (_, index) => ((index * 7919) % 1009) / 1009 - 0.5,
  );
  await engine.write(bindings.a, values);
  await engine.write(bindings.b, values);
  let shortest = Infinity;
  const end = performance.now() + 1000 * seconds;
  do {
    const start = performance.now();
    await program.run(bindings);
    shortest = Math.min(shortest, performance.now() - start);
  } while (performance.now() < end);
  rates[size] = (2 * size ** 3) / shortest / 1e6;
  await program.dispose();
}
await engine.dispose();
reportResult({ rates, versions: engine.description.versions });
