// Writes graphs into LOAM_INTEROP_DIR/graphs, each as NAME.onnx, with graphs.json: what every graph is, and for those of
// standard operators alone a set of inputs and what Loam's float64 evaluation makes of them.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toReal } from '../../src/main/llm/engines/reference/evaluate.ts';
import type { RealTensor } from '../../src/main/llm/graph/operators/declaration.ts';
import { serializeGraph, type ExternalLocation } from '../../src/main/llm/graph/serialize.ts';
import type { Graph, HostTensor, Value } from '../../src/main/llm/graph/types.ts';
import { buildGptExportGraph } from '../../src/main/llm/models/gpt/export-graph.ts';
import { buildGptGenerationGraph } from '../../src/main/llm/models/gpt/generation-graph.ts';
import { buildGptInspectionGraph } from '../../src/main/llm/models/gpt/inspection-graph.ts';
import { nextToken } from '../../src/main/llm/objectives/next-token/objective.ts';
import { buildLossGraph, buildTrainingGraph } from '../../src/main/llm/objectives/training-graph.ts';
import { operatorCases } from '../llm/engines/parity/cases.ts';
import { hasGradient } from '../llm/engines/parity/differentiable.ts';
import { functionCases } from '../llm/engines/parity/function-cases.ts';
import { caseGraph, gradientGraph } from '../llm/engines/parity/graph-case.ts';
import { evaluateInFloat64 } from '../llm/engines/parity/run-graph.ts';
import { integerTensor, rowsOf, transformersFixtures } from '../llm/models/gpt/transformers-fixtures.ts';

const target = process.env['LOAM_INTEROP_DIR'];
if (target === undefined) throw new Error('Set LOAM_INTEROP_DIR to the folder to write into.');
const folder = join(target, 'graphs');
await mkdir(folder, { recursive: true });

interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
const described: {
  file: string;
  name: string;
  inputs?: Record<string, Tensor>;
  outputs?: Record<string, Tensor>;
}[] = [];

const plain = ({ dtype, shape, data }: RealTensor): Tensor => ({ dtype, shape, data: Array.from(data) });

async function write(
  name: string,
  graph: Graph,
  inputs?: Readonly<Record<string, HostTensor>>,
  initializers: ReadonlyMap<Value, HostTensor | ExternalLocation> = new Map(),
): Promise<void> {
  const file = `${String(described.length).padStart(3, '0')}.onnx`;
  await writeFile(join(folder, file), serializeGraph(graph, { initializers }));
  if (inputs === undefined || graph.nodes.some((node) => node.domain !== '')) {
    described.push({ file, name });
    return;
  }
  const bound = Object.fromEntries(graph.inputs.map((input) => [input.name, inputs[input.name]!]));
  const given = graph.inputs.filter((input) => !initializers.has(input));
  described.push({
    file,
    name,
    inputs: Object.fromEntries(given.map((input) => [input.name, plain(toReal(bound[input.name]!))])),
    outputs: Object.fromEntries(
      Object.entries(evaluateInFloat64(graph, bound)).map(([output, tensor]) => [output, plain(tensor)]),
    ),
  });
}

for (const one of operatorCases) {
  const { graph, inputs } = caseGraph({ ...one, aliases: {} });
  await write(one.name, graph, inputs);
}
for (const one of [...operatorCases.filter(hasGradient), ...functionCases]) {
  const made = gradientGraph(one);
  if (made !== undefined) await write(`gradient of ${one.name}`, made.graph, made.inputs);
}

for (const { modelType, shape, weights, expected } of transformersFixtures) {
  const tokens = {
    input_ids: expected['input_ids']!,
    targets: expected['targets']!,
    loss_weights: expected['loss_weights']!,
  };
  for (const gradientCheckpointing of [false, true]) {
    const training = buildTrainingGraph(nextToken, shape, {
      microBatchSize: 2,
      sequenceLength: 16,
      lossChunks: 2,
      gradientCheckpointing,
      accumulate: false,
    });
    await write(`${modelType} training, checkpointing ${gradientCheckpointing}`, training, {
      ...weights,
      ...tokens,
    });
  }
  const evaluation = buildLossGraph(nextToken, shape, { batchSize: 2, sequenceLength: 16, lossChunks: 2 });
  await write(`${modelType} evaluation`, evaluation, { ...weights, ...tokens });
  await write(`${modelType} inspection`, buildGptInspectionGraph(shape, { sequenceLength: 16 }), {
    ...weights,
    input_ids: rowsOf(tokens.input_ids, 0, 1),
  });
  await write(`${modelType} generation`, buildGptGenerationGraph(shape, { cacheLength: 32 }));

  const { graph, parameters } = buildGptExportGraph(shape);
  const stored = new Map(
    parameters.map(({ value, source, transposed }) => {
      const { shape: extents, data } = weights[source]!;
      const [rows = 1, columns = 1] = extents;
      return [
        value,
        {
          dtype: 'float32',
          shape: value.shape.map(Number),
          data: transposed
            ? Float32Array.from({ length: data.length }, (_, index) =>
                Number(data[(index % rows) * columns + Math.floor(index / rows)]!),
              )
            : (data as Float32Array),
        } as const,
      ];
    }),
  );
  const inputs = {
    ...Object.fromEntries([...stored].map(([value, tensor]) => [value.name, tensor])),
    ...Object.fromEntries(
      graph.inputs
        .filter((input) => input.name.startsWith('past_key_values.'))
        .map((input) => [
          input.name,
          {
            dtype: 'float32',
            shape: [2, shape.keyValueHeads, 3, shape.headSize],
            data: Float32Array.from({ length: 6 * shape.keyValueHeads * shape.headSize }, (_, i) =>
              Math.sin(i),
            ),
          } as const,
        ]),
    ),
    input_ids: integerTensor([2, 4], [5, 6, 7, 8, 12, 9, 10, 11]),
    position_ids: integerTensor([2, 4], [3, 4, 5, 6, 1, 2, 3, 4]),
    attention_mask: integerTensor([2, 7], [1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]),
  };
  await write(`${modelType} export`, graph, inputs, stored);

  // The weights in one file beside the model, each at a multiple of 64 bytes.
  const file = `${modelType}.onnx_data`;
  let offset = 0;
  const located = new Map<Value, ExternalLocation>();
  const parts: Uint8Array[] = [];
  for (const [value, { data }] of stored) {
    located.set(value, { file, offset, length: data.byteLength });
    const padded = new Uint8Array(Math.ceil(data.byteLength / 64) * 64);
    padded.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    parts.push(padded);
    offset += padded.length;
  }
  await writeFile(join(folder, file), Buffer.concat(parts));
  await write(`${modelType} export, weights apart`, graph, inputs, located);
}
await writeFile(join(folder, 'graphs.json'), JSON.stringify(described));
