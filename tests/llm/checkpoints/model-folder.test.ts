import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openModelFolder,
  openModelWeights,
  writeModelFolder,
} from '../../../src/main/llm/checkpoints/model-folder.ts';
import {
  openSafetensors,
  writeSafetensors,
  type SafetensorsTensor,
} from '../../../src/main/llm/checkpoints/safetensors.ts';
import { parametersOf } from '../../../src/main/llm/models/registry.ts';
import { trainTokenizer } from '../../../src/main/llm/tokenizers/train.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import { gptModelTypes, type GptModelType } from '../../../src/shared/models/gpt-model-types.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/transformers');

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loam-models-'));
  folder = join(parent, 'model');
});
afterEach(() => rm(parent, { recursive: true }));

/** A copy of a model of transformers, whose tensors may be changed by the way. */
async function copyModel(
  modelType: GptModelType,
  change: (tensors: readonly SafetensorsTensor[]) => readonly SafetensorsTensor[] = (tensors) => tensors,
): Promise<void> {
  await mkdir(folder);
  for (const name of ['config.json', 'generation_config.json'])
    await cp(join(fixtures, modelType, name), join(folder, name));
  const opened = await openSafetensors(join(fixtures, modelType, 'model.safetensors'));
  const tensors = [...opened.tensors].map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape,
    data: () => opened.readBytes(name),
  }));
  await writeSafetensors(join(folder, 'model.safetensors'), change(tensors), opened.metadata);
  await opened.close();
}

async function rewriteConfig(change: Readonly<Record<string, unknown>>): Promise<void> {
  const path = join(folder, 'config.json');
  await writeFile(
    path,
    JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), ...change }),
  );
}

async function refusal(): Promise<string> {
  const error: unknown = await openModelWeights(folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LoamError);
  const { message, kind } = error as LoamError;
  expect(message).not.toContain('\n');
  expect(kind).toBe('input');
  return message;
}

const extra = (name: string, shape: readonly number[] = [1]): SafetensorsTensor => ({
  name,
  dtype: 'F32',
  shape,
  data: () => new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)),
});

async function characters() {
  async function* documents() {
    yield 'the quick brown fox';
  }
  return trainTokenizer({ documents: documents(), kind: 'char', vocabularySize: 100, minimumFrequency: 1 });
}

describe.each(gptModelTypes)('a model of transformers, of model type %s', (modelType) => {
  it('opens with every parameter under its name', async () => {
    const { shape, weights, endOfText } = await openModelWeights(join(fixtures, modelType));
    const reference = await openSafetensors(join(fixtures, modelType, 'model.safetensors'));
    expect(weights.names.toSorted()).toEqual([...reference.tensors.keys()].toSorted());
    for (const { name } of parametersOf(shape))
      expect(await weights.read(name)).toEqual((await reference.read(name)).data);
    expect(endOfText).toEqual([0]);
    await reference.close();
    await weights.close();
  });

  it('is written here with the same tensors, and opens again', async () => {
    const original = await openModelWeights(join(fixtures, modelType));
    const tokenizer = await characters();
    await writeModelFolder(folder, {
      shape: original.shape,
      tokenizer,
      weights: (name) => original.weights.read(name),
    });
    expect((await readdir(folder)).toSorted()).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const reopened = await openModelFolder(folder);
    expect(reopened.shape).toEqual(original.shape);
    expect(reopened.tokenizer.hash).toBe(tokenizer.hash);
    expect(reopened.endOfText).toEqual([tokenizer.endOfText]);
    for (const name of original.weights.names) {
      expect(await reopened.weights.read(name)).toEqual(await original.weights.read(name));
    }
    await reopened.close();
    await original.weights.close();
  });

  it('opens without the prefix of the whole model, where it has no output layer of its own', async () => {
    const prefix = modelType === 'gpt2' ? 'transformer.' : 'model.';
    await copyModel(modelType, (tensors) =>
      tensors.map((tensor) => ({
        ...tensor,
        name: tensor.name.startsWith(prefix) ? tensor.name.slice(prefix.length) : tensor.name,
      })),
    );
    const { weights, shape } = await openModelWeights(folder);
    for (const parameter of parametersOf(shape)) {
      expect((await weights.read(parameter.name)).length).toBe(parameter.shape.reduce((a, b) => a * b, 1));
    }
    await weights.close();
  });
});

describe('other forms of weights', () => {
  it('passes over the masks of older GPT-2 files and a tied output layer', async () => {
    await copyModel('gpt2', (tensors) => [
      ...tensors,
      extra('transformer.h.0.attn.bias', [1, 1, 4, 4]),
      extra('transformer.h.1.attn.masked_bias', []),
      extra('lm_head.weight', [61, 32]),
    ]);
    await (await openModelWeights(folder)).weights.close();
  });

  it('converts float16 and bfloat16', async () => {
    const original = await openModelWeights(join(fixtures, 'qwen2'));
    const norm = await original.weights.read('model.norm.weight');
    const embedding = await original.weights.read('model.embed_tokens.weight');
    await original.weights.close();
    await copyModel('qwen2', (tensors) =>
      tensors.map((tensor) => {
        if (tensor.name === 'model.norm.weight') {
          return {
            ...tensor,
            dtype: 'F16' as const,
            data: () => new Uint8Array(Float16Array.from(norm).buffer),
          };
        }
        if (tensor.name === 'model.embed_tokens.weight') {
          const upper = Uint16Array.from(new Uint32Array(embedding.buffer), (bits) => bits >>> 16);
          return { ...tensor, dtype: 'BF16' as const, data: () => new Uint8Array(upper.buffer) };
        }
        return tensor;
      }),
    );
    const { weights } = await openModelWeights(folder);
    const halves = await weights.read('model.norm.weight');
    for (const [index, value] of norm.entries()) expect(halves[index]).toBe(Math.f16round(value));
    const brains = await weights.read('model.embed_tokens.weight');
    for (const [index, value] of embedding.entries()) {
      expect(Math.abs(brains[index]! - value)).toBeLessThanOrEqual(Math.abs(value) / 128);
    }
    await weights.close();
  });

  /** Splits a model's weights into two files with an index. */
  async function shard(
    places: (name: string, place: string) => string | undefined = (_, place) => place,
  ): Promise<void> {
    await copyModel('llama');
    const opened = await openSafetensors(join(folder, 'model.safetensors'));
    const map: Record<string, string> = {};
    for (const half of [0, 1]) {
      const file = `model-0000${half + 1}-of-00002.safetensors`;
      const names = [...opened.tensors.keys()].filter((_, index) => index % 2 === half);
      await writeSafetensors(
        join(folder, file),
        names.map((name) => ({ name, ...opened.tensors.get(name)!, data: () => opened.readBytes(name) })),
      );
      for (const name of names) {
        const place = places(name, file);
        if (place !== undefined) map[name] = place;
      }
    }
    await opened.close();
    await unlink(join(folder, 'model.safetensors'));
    await writeFile(
      join(folder, 'model.safetensors.index.json'),
      JSON.stringify({ metadata: {}, weight_map: map }),
    );
  }

  it('reads weights in several files', async () => {
    await shard();
    const { weights } = await openModelWeights(folder);
    const reference = await openSafetensors(join(fixtures, 'llama', 'model.safetensors'));
    for (const name of weights.names)
      expect(await weights.read(name)).toEqual((await reference.read(name)).data);
    await reference.close();
    await weights.close();
  });

  it('refuses an index that does not fit its files', async () => {
    await shard((name, place) => (name === 'model.norm.weight' ? undefined : place));
    expect(await refusal()).toContain('model.norm.weight');
  });

  it('refuses an index that names files elsewhere', async () => {
    await shard((name, place) => (name === 'model.norm.weight' ? '../other.safetensors' : place));
    expect(await refusal()).toContain('not the name of a safetensors file in this folder');
  });

  it('refuses when one of the files is missing', async () => {
    await shard();
    await unlink(join(folder, 'model-00002-of-00002.safetensors'));
    expect(await refusal()).toContain('model-00002-of-00002.safetensors');
  });

  it('says what to do about weights in PyTorch’s own form', async () => {
    await copyModel('gpt2');
    await unlink(join(folder, 'model.safetensors'));
    await writeFile(join(folder, 'pytorch_model.bin'), 'x');
    expect(await refusal()).toContain('another form (pytorch_model.bin)');
  });
});

describe('truncated and foreign checkpoints', () => {
  it('names the parameters that are missing', async () => {
    await copyModel('qwen3', (tensors) => tensors.filter(({ name }) => !name.includes('q_norm')));
    expect(await refusal()).toContain('lack 2 of the model’s');
  });

  it('names a parameter of another shape', async () => {
    await copyModel('gpt2');
    await rewriteConfig({ n_positions: 64 });
    expect(await refusal()).toContain(
      '"transformer.wpe.weight" has the shape [32, 32], and the model needs [64, 32]',
    );
  });

  it('refuses tensors that the model does not have, rather than computing without them', async () => {
    await copyModel('llama', (tensors) => [...tensors, extra('model.layers.0.self_attn.q_proj.bias', [32])]);
    expect(await refusal()).toContain('"model.layers.0.self_attn.q_proj.bias"');
  });

  it('refuses layers beyond those that the description has', async () => {
    await copyModel('llama');
    await rewriteConfig({ num_hidden_layers: 1 });
    expect(await refusal()).toContain('layers.1.');
  });

  it('names the feature that is not supported', async () => {
    await copyModel('llama');
    await rewriteConfig({ rope_parameters: { rope_type: 'yarn', rope_theta: 1e4, factor: 2 } });
    expect(await refusal()).toContain('rope scaling of the type "yarn"');
    await rewriteConfig({ model_type: 'mamba' });
    expect(await refusal()).toContain('"mamba" are not supported');
  });

  it('says so when weights are cut off, the description is cut off, or the folder is none', async () => {
    await copyModel('gpt2');
    await truncate(join(folder, 'model.safetensors'), 5000);
    expect(await refusal()).toContain('cut off');
    await writeFile(join(folder, 'config.json'), '{"model_type": "gp');
    expect(await refusal()).toContain('not valid JSON');
    await unlink(join(folder, 'config.json'));
    expect(await refusal()).toContain('no config.json');
    await rm(folder, { recursive: true });
    expect(await refusal()).toContain('no such file or folder');
  });

  it('refuses a tokenizer with more tokens than the model knows', async () => {
    const original = await openModelWeights(join(fixtures, 'gpt2'));
    const shape = { ...original.shape, vocabularySize: 5 };
    await writeModelFolder(folder, {
      shape,
      tokenizer: await characters(),
      weights: (name) =>
        new Float32Array(
          parametersOf(shape)
            .find((parameter) => parameter.name === name)!
            .shape.reduce((a, b) => a * b, 1),
        ),
    });
    await original.weights.close();
    await expect(openModelFolder(folder)).rejects.toThrow('and the model knows 5');
  });
});

describe('a checkpoint that cannot be written', () => {
  it('leaves the older one', async () => {
    const original = await openModelWeights(join(fixtures, 'gpt2'));
    const tokenizer = await characters();
    const content = {
      shape: original.shape,
      tokenizer,
      weights: (name: string) => original.weights.read(name),
    };
    const training = {
      state: {},
      configuration: {},
      provenance: {},
      parameters: [],
      moments: () => ({ first: new Float32Array(), second: new Float32Array() }),
    };
    await writeModelFolder(folder, content, training);
    const before = await readFile(join(folder, 'model.safetensors'));
    await expect(
      writeModelFolder(
        folder,
        {
          ...content,
          weights: (name) =>
            name.includes('ln_f')
              ? Promise.reject(new Error('the engine failed'))
              : original.weights.read(name),
        },
        training,
      ),
    ).rejects.toThrow('the engine failed');
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(before);
    expect(await readdir(parent)).toEqual(['model']);
    await original.weights.close();
  });

  it('is explained when its place is a file', async () => {
    const original = await openModelWeights(join(fixtures, 'gpt2'));
    await writeFile(join(parent, 'file'), '');
    const written = writeModelFolder(join(parent, 'file', 'model'), {
      shape: original.shape,
      tokenizer: await characters(),
      weights: (name) => original.weights.read(name),
    });
    await expect(written).rejects.toThrow('is a file, not a folder');
    await original.weights.close();
  });
});
