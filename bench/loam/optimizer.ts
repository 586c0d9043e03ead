import { createOnnxRuntimeEngine } from '../../src/main/llm/engines/onnxruntime/engine.ts';
import { gptParameters } from '../../src/main/llm/models/gpt/parameters.ts';
import { countParameters } from '../../src/main/llm/models/registry.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../src/shared/models/gpt-configuration.ts';
import { median } from '../harness/statistics.ts';
import { peakMemoryBytes, readParameters, reportResult } from './parameters.ts';

/** Measures the gradient norm and the AdamW update of a parameter set of GPT-2 small's shape. */
const { threads, steps } = readParameters() as { threads: number; steps: number };
const shape = resolveGptShape(
  gptConfigurationSchema.parse({
    modelType: 'gpt2',
    contextLength: 1024,
    hiddenSize: 768,
    layers: 12,
    heads: 12,
  }),
  50257,
);
const engine = await createOnnxRuntimeEngine({ threads });
const set = await engine.createParameterSet(gptParameters(shape));
for (const buffer of ['parameters', 'gradients'] as const) {
  for (const tensor of Object.values(set.buffer(buffer))) {
    const elements = tensor.shape.reduce((product, extent) => product * extent, 1);
    await engine.write(
      tensor,
      Float32Array.from({ length: elements }, (_, index) => ((index * 7919) % 1009) / 5e4 - 0.01),
    );
  }
}
const norms: number[] = [];
const updates: number[] = [];
for (let step = 1; step <= steps + 2; step += 1) {
  const start = performance.now();
  const norm = await set.gradientNorm();
  const between = performance.now();
  await set.adamW({
    step,
    learningRate: 1e-4,
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0.1,
    gradientScale: Math.min(1, 1 / norm),
  });
  const end = performance.now();
  if (step <= 2) continue; // warms up
  norms.push(between - start);
  updates.push(end - between);
}
const peakBytes = peakMemoryBytes();
await engine.dispose();
reportResult({
  parameters: countParameters(shape),
  normMilliseconds: median(norms),
  updateMilliseconds: median(updates),
  peakBytes,
});
