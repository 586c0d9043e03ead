import { openModelFolder } from '../../src/main/llm/checkpoints/model-folder.ts';
import { createOnnxRuntimeEngine } from '../../src/main/llm/engines/onnxruntime/engine.ts';
import type { DeviceTensor } from '../../src/main/llm/engines/engine.ts';
import { createGenerator } from '../../src/main/llm/generation/generate.ts';
import { parametersOf } from '../../src/main/llm/models/registry.ts';
import { median } from '../harness/statistics.ts';
import { peakMemoryBytes, readParameters, reportResult } from './parameters.ts';

/** Writes on from a prompt, greedily, with the product's generator. */
const { folder, prompt, newTokens, rounds, threads } = readParameters() as {
  folder: string;
  prompt: string;
  newTokens: number;
  rounds: number;
  threads: number;
};
const engine = await createOnnxRuntimeEngine({ threads });
const model = await openModelFolder(folder);
const weights: Record<string, DeviceTensor> = {};
for (const { name, shape } of parametersOf(model.shape)) {
  const tensor = engine.allocate('float32', shape);
  await engine.write(tensor, await model.weights.read(name));
  weights[name] = tensor;
}
const generator = await createGenerator({
  engine,
  shape: model.shape,
  weights,
  tokenizer: model.tokenizer,
  frozen: true,
  endOfText: [], // writes on until the number of tokens is reached
});
const prefills: number[] = [];
const speeds: number[] = [];
let ids: readonly number[] = [];
for (let round = 0; round <= rounds; round += 1) {
  const start = performance.now();
  await generator.generate({ prompt, maximumTokens: 1, temperature: 0 });
  const prefill = performance.now() - start;
  const result = await generator.generate({ prompt, maximumTokens: newTokens, temperature: 0 });
  ({ ids } = result);
  if (round === 0) continue; // warms up
  prefills.push(prefill);
  speeds.push(result.tokensPerSecond);
}
const peakBytes = peakMemoryBytes();
await engine.dispose();
await model.close();
reportResult({ tokensPerSecond: median(speeds), prefillMilliseconds: median(prefills), ids, peakBytes });
