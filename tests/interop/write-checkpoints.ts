// Writes models that Loam made into LOAM_INTEROP_DIR/checkpoints, each in a folder of its own with expected.json: a
// prompt with its ids, the logits that Loam computes after each of them, and the text with which it goes on greedily.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModelFolder, writeModelFolder } from '../../src/main/llm/checkpoints/model-folder.ts';
import type { DeviceTensor } from '../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../src/main/llm/engines/onnxruntime/engine.ts';
import { createForwardPass } from '../../src/main/llm/generation/forward-pass.ts';
import { createGenerator } from '../../src/main/llm/generation/generate.ts';
import { parametersOf } from '../../src/main/llm/models/registry.ts';
import { initializeParameters } from '../../src/main/llm/models/initialize-parameters.ts';
import { trainTokenizer } from '../../src/main/llm/tokenizers/train.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../src/shared/models/gpt-configuration.ts';
import { corpus, documentsOf } from '../fixtures/tokenizers/golden.ts';

const target = process.env['LOAM_INTEROP_DIR'];
if (target === undefined) throw new Error('Set LOAM_INTEROP_DIR to the folder to write into.');
const folder = join(target, 'checkpoints');
await mkdir(folder, { recursive: true });

const tokenizer = await trainTokenizer({
  documents: documentsOf(corpus),
  kind: 'bpe',
  vocabularySize: 400,
  minimumFrequency: 2,
});

const size = { contextLength: 64, hiddenSize: 48, layers: 2, heads: 4 };
const configurations = {
  gpt2: { ...size, modelType: 'gpt2' },
  'gpt2-untied': { ...size, modelType: 'gpt2', tiedEmbeddings: false, intermediateSize: 80, dropout: 0.1 },
  llama: { ...size, modelType: 'llama', keyValueHeads: 2, tiedEmbeddings: false, normalizationEpsilon: 1e-5 },
  'llama-tied': { ...size, modelType: 'llama', headSize: 16, rotaryBase: 500_000 },
  qwen2: { ...size, modelType: 'qwen2', keyValueHeads: 1, headSize: 16 },
  qwen3: { ...size, modelType: 'qwen3', keyValueHeads: 2, headSize: 24, tiedEmbeddings: false },
} as const;

/** Numbers of which a model's texts become varied: larger than at a training's beginning, and none is left at 0 or 1. */
function enlarge(name: string, data: Float32Array): Float32Array {
  const matrix = data.some((value) => value !== data[0]);
  return data.map((value, index) => (matrix ? 10 * value : value + 0.3 * Math.sin(index + name.length)));
}

const engine = await createOnnxRuntimeEngine({ threads: 1 });
for (const [name, configuration] of Object.entries(configurations)) {
  const shape = resolveGptShape(gptConfigurationSchema.parse(configuration), tokenizer.vocabularySize);
  const values = new Map(
    [...initializeParameters(parametersOf(shape), 7)].map((parameter) => [
      parameter.name,
      enlarge(parameter.name, parameter.data),
    ]),
  );
  await writeModelFolder(join(folder, name), {
    shape,
    tokenizer,
    weights: (parameter) => values.get(parameter) ?? new Float32Array(),
  });

  // Computed from what was written, not from what was meant.
  const model = await openModelFolder(join(folder, name));
  const weights: Record<string, DeviceTensor> = {};
  for (const parameter of parametersOf(model.shape)) {
    const tensor = engine.allocate('float32', parameter.shape);
    await engine.write(tensor, await model.weights.read(parameter.name));
    weights[parameter.name] = tensor;
  }
  const prompt = 'The pump was repaired on Monday';
  const ids = Array.from(model.tokenizer.encode(prompt));
  const pass = await createForwardPass({
    engine,
    shape: model.shape,
    weights,
    frozen: true,
    cacheLength: 64,
  });
  const logits: number[][] = [];
  for (const [position, id] of ids.entries()) logits.push(Array.from(await pass.run([id], position)));
  await pass.dispose();
  const generator = await createGenerator({
    engine,
    shape: model.shape,
    weights,
    tokenizer: model.tokenizer,
    frozen: true,
  });
  const greedy = await generator.generate({ prompt, maximumTokens: 30, temperature: 0 });
  await generator.dispose();
  await model.close();
  await writeFile(
    join(folder, name, 'expected.json'),
    JSON.stringify({
      prompt,
      ids,
      logits,
      greedy: { ids: greedy.ids, text: greedy.text, reason: greedy.reason },
    }),
  );
}
await engine.dispose();
