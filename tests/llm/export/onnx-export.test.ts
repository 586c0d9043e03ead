import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeModelFolder } from '../../../src/main/llm/checkpoints/model-folder.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import { compareLogits, comparisonIds } from '../../../src/main/llm/export/compare-logits.ts';
import { exportOnnx } from '../../../src/main/llm/export/onnx-export.ts';
import { readInterface } from '../../../src/main/llm/graph/read.ts';
import { gptParameters } from '../../../src/main/llm/models/gpt/parameters.ts';
import { initializeParameters } from '../../../src/main/llm/models/initialize-parameters.ts';
import { trainTokenizer } from '../../../src/main/llm/tokenizers/train.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../src/shared/models/gpt-configuration.ts';
import type { GptModelType } from '../../../src/shared/models/gpt-model-types.ts';

let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-export-'));
  engine = await createOnnxRuntimeEngine({ threads: 2 });
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Writes a checkpoint of a small model with weights large enough that logits vary.
 * @param rows of the embedding; default: as many as the tokenizer has tokens
 */
async function checkpoint(
  name: string,
  modelType: GptModelType,
  { contextLength = 32, rows }: { readonly contextLength?: number; readonly rows?: number } = {},
): Promise<string> {
  const documents = (async function* () {
    yield 'The quick brown fox jumps over the lazy dog and runs on.';
  })();
  const tokenizer = await trainTokenizer({
    documents,
    kind: 'char',
    vocabularySize: 100,
    minimumFrequency: 1,
  });
  const configuration = { modelType, contextLength, hiddenSize: 32, layers: 2, heads: 4 };
  const shape = resolveGptShape(
    gptConfigurationSchema.parse(configuration),
    rows ?? tokenizer.vocabularySize,
  );
  const weights = new Map(
    [...initializeParameters(gptParameters(shape), 3)].map(({ name: parameter, data }) => [
      parameter,
      data.map((x) => 4 * x),
    ]),
  );
  const target = join(folder, name);
  await writeModelFolder(target, {
    shape,
    tokenizer,
    weights: (parameter) => weights.get(parameter) ?? new Float32Array(),
  });
  return target;
}

describe('exporting to ONNX', () => {
  it('lays the files out as transformers.js looks for them', async () => {
    const result = await exportOnnx({
      modelFolder: await checkpoint('layout', 'gpt2'),
      outputFolder: join(folder, 'layout-onnx'),
      engine,
    });
    expect(result.files).toEqual([
      'config.json',
      'generation_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'onnx/model.onnx',
    ]);
    expect(await readdir(join(folder, 'layout-onnx', 'onnx'))).toEqual(['model.onnx']);
  });

  it('names inputs and outputs as Optimum does, with open batch and lengths', async () => {
    const outputFolder = join(folder, 'names-onnx');
    await exportOnnx({ modelFolder: await checkpoint('names', 'llama'), outputFolder, engine });
    const { inputs, outputs } = readInterface(
      await readFile(join(outputFolder, 'onnx', 'model.onnx')),
      'model.onnx',
    );
    expect(inputs.slice(0, 4).map(({ name, shape }) => [name, shape])).toEqual([
      ['input_ids', ['batch_size', 'sequence_length']],
      ['attention_mask', ['batch_size', 'past_sequence_length + sequence_length']],
      ['position_ids', ['batch_size', 'sequence_length']],
      ['past_key_values.0.key', ['batch_size', 4, 'past_sequence_length', 8]],
    ]);
    expect(outputs.map(({ name }) => name)).toEqual([
      'logits',
      'present.0.key',
      'present.0.value',
      'present.1.key',
      'present.1.value',
    ]);
  });

  it.each(['gpt2', 'llama', 'qwen2', 'qwen3'] as const)(
    'computes what the %s checkpoint does, padded and with its cache',
    async (modelType) => {
      const { comparison } = await exportOnnx({
        modelFolder: await checkpoint(`same-${modelType}`, modelType),
        outputFolder: join(folder, `same-${modelType}-onnx`),
        engine,
      });
      expect(comparison.largestLogit).toBeGreaterThan(0.5);
      expect(comparison.maximumDifference).toBeLessThan(1e-4);
    },
  );

  it.each([1, 2, 3, 4])('compares also with a context of %i tokens', async (contextLength) => {
    const { comparison } = await exportOnnx({
      modelFolder: await checkpoint(`context-${contextLength}`, 'gpt2', { contextLength }),
      outputFolder: join(folder, `context-${contextLength}-onnx`),
      engine,
    });
    expect(comparison.tokens).toBe(Math.max(1, contextLength - 2));
    expect(comparison.maximumDifference).toBeLessThan(1e-4);
  });

  it('compares over the whole vocabulary of a model that has more tokens than its tokenizer', async () => {
    const { comparison } = await exportOnnx({
      modelFolder: await checkpoint('rows', 'llama', { rows: 1000 }),
      outputFolder: join(folder, 'rows-onnx'),
      engine,
    });
    expect(comparison.maximumDifference).toBeLessThan(1e-4);
    expect(Math.max(...comparisonIds({ vocabularySize: 1000, contextLength: 32 }))).toBeGreaterThan(950);
  });

  it('splits large weights off and says so in the configuration', async () => {
    const outputFolder = join(folder, 'split-onnx');
    const result = await exportOnnx({
      modelFolder: await checkpoint('split', 'qwen3'),
      outputFolder,
      engine,
      singleFileBytes: 1000,
    });
    expect(result.files).toContain('onnx/model.onnx_data');
    expect(result.comparison.maximumDifference).toBeLessThan(1e-4);
    const config: unknown = JSON.parse(await readFile(join(outputFolder, 'config.json'), 'utf8'));
    expect(config).toMatchObject({ 'transformers.js_config': { use_external_data_format: true } });
  });

  it('leaves an earlier export alone when the checkpoint cannot be read', async () => {
    const modelFolder = await checkpoint('damaged', 'gpt2');
    const outputFolder = join(folder, 'damaged-onnx');
    await exportOnnx({ modelFolder, outputFolder, engine });
    const before = await readFile(join(outputFolder, 'onnx', 'model.onnx'));
    await writeFile(join(modelFolder, 'model.safetensors'), 'cut off');
    await expect(exportOnnx({ modelFolder, outputFolder, engine })).rejects.toThrow(/model\.safetensors/);
    expect(await readFile(join(outputFolder, 'onnx', 'model.onnx'))).toEqual(before);
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('partial'));
  });

  it('uses standard operators only', async () => {
    const outputFolder = join(folder, 'standard-onnx');
    await exportOnnx({ modelFolder: await checkpoint('standard', 'qwen3'), outputFolder, engine });
    expect((await readFile(join(outputFolder, 'onnx', 'model.onnx'))).includes('com.microsoft')).toBe(false);
  });
});

describe('comparing logits', () => {
  it('gives the largest difference, which is NaN wherever one of the logits is', () => {
    const expected = Float32Array.of(1, -4, 2);
    expect(compareLogits(expected, Float32Array.of(1.5, -4, 2), 1)).toEqual({
      maximumDifference: 0.5,
      largestLogit: 4,
      tokens: 1,
    });
    for (const place of [0, 1, 2]) {
      const broken = expected.with(place, Number.NaN);
      expect(compareLogits(expected, broken, 1).maximumDifference).toBeNaN();
    }
  });

  it('spreads its tokens over the vocabulary and stays inside it', () => {
    for (const vocabularySize of [1, 2, 65, 151_936])
      for (const contextLength of [1, 2, 3, 1024])
        for (const id of comparisonIds({ vocabularySize, contextLength })) {
          expect(Number.isInteger(id)).toBe(true);
          expect(id).toBeGreaterThanOrEqual(0);
          expect(id).toBeLessThan(vocabularySize);
        }
  });
});
