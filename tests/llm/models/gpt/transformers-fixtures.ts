import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHuggingFaceConfig } from '../../../../src/main/llm/models/gpt/read-hugging-face-config.ts';
import { openSafetensors } from '../../../../src/main/llm/checkpoints/safetensors.ts';
import type { HostTensor } from '../../../../src/main/llm/graph/types.ts';
import type { GptShape } from '../../../../src/shared/models/gpt-configuration.ts';
import { gptModelTypes, type GptModelType } from '../../../../src/shared/models/gpt-model-types.ts';

type Tensors = Readonly<Record<string, HostTensor>>;

/** What Hugging Face transformers computes with a tiny model (tests/fixtures/transformers/make.py). */
export interface TransformersFixture {
  readonly modelType: GptModelType;
  readonly shape: GptShape;
  readonly weights: Tensors;
  /** `input_ids`, `targets`, `loss_weights` [2, 16] and what comes of them. */
  readonly expected: Tensors;
  /** The loss's gradient, by parameter. */
  readonly gradients: Tensors;
  readonly loss: number;
  readonly prompt: readonly number[];
  /** The tokens with which greedy decoding goes on from the prompt. */
  readonly greedy: readonly number[];
}

const folder = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'transformers');

async function readTensors(file: string): Promise<Tensors> {
  const safetensors = await openSafetensors(file);
  try {
    const tensors: Record<string, HostTensor> = {};
    for (const name of safetensors.tensors.keys()) tensors[name] = await safetensors.read(name);
    return tensors;
  } finally {
    await safetensors.close();
  }
}

async function loadFixture(modelType: GptModelType): Promise<TransformersFixture> {
  const file = (name: string): string => join(folder, modelType, name);
  const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(file(name), 'utf8'));
  const figures = (await json('expected.json')) as Pick<TransformersFixture, 'loss' | 'prompt' | 'greedy'>;
  return {
    modelType,
    shape: fromHuggingFaceConfig(modelType, await json('config.json')),
    weights: await readTensors(file('model.safetensors')),
    expected: await readTensors(file('expected.safetensors')),
    gradients: await readTensors(file('gradients.safetensors')),
    ...figures,
  };
}

/** One fixture for each model type: GPT-2, Llama (grouped-query attention, untied), Qwen 2 and Qwen 3. */
export const transformersFixtures: readonly TransformersFixture[] = await Promise.all(
  gptModelTypes.map(loadFixture),
);

/** Rows `from` … `to` − 1 of a tensor. */
export function rowsOf(tensor: HostTensor, from: number, to: number): HostTensor {
  const width = tensor.data.length / tensor.shape[0]!;
  return {
    dtype: tensor.dtype,
    shape: [to - from, ...tensor.shape.slice(1)],
    data: tensor.data.slice(from * width, to * width),
  };
}

/** int64 numbers as a tensor. */
export function integerTensor(shape: readonly number[], values: readonly number[]): HostTensor {
  return { dtype: 'int64', shape, data: BigInt64Array.from(values, BigInt) };
}
