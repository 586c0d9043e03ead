import { cp, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeBlocks, blockFormats } from '../../../src/main/llm/checkpoints/gguf/block-formats.ts';
import { describeGguf } from '../../../src/main/llm/checkpoints/gguf/describe-gguf.ts';
import { openModelFolder, openModelWeights } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures');
const ggufOf = (modelType: string): string => join(fixtures, 'gguf', `${modelType}.gguf`);
const readJson = async (file: string): Promise<unknown> =>
  JSON.parse(await readFile(join(fixtures, 'gguf', file), 'utf8'));

/** A folder that describes the model of a GGUF file, with the file in it. */
async function folderOf(file: string): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of await describeGguf(file)) await writeFile(join(folder, name), text);
  await cp(file, join(folder, 'model.gguf'));
  return folder;
}

describe('blocks of values', async () => {
  const golden = (await readJson('blocks.json')) as Readonly<
    Record<string, { readonly type: number; readonly blocks: string; readonly values: string }>
  >;

  it.each(Object.entries(golden))(
    'in %s are what the package gguf reads',
    (name, { type, blocks, values }) => {
      const format = blockFormats.get(type);
      expect(format?.name).toBe(name);
      const decoded = decodeBlocks(format!, Buffer.from(blocks, 'base64'));
      const expected = new Float32Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer);
      expect(decoded.length).toBe(expected.length);
      // Products and sums are rounded once here, and after each operation there.
      const largest = Math.max(...expected.map(Math.abs));
      for (const [place, value] of decoded.entries())
        expect(Math.abs(value - expected[place]!), `${name} ${place}`).toBeLessThanOrEqual(largest * 1e-6);
    },
  );

  it('that are cut off are refused', () => {
    expect(() => decodeBlocks(blockFormats.get(8)!, new Uint8Array(33))).toThrow(
      'no whole number of Q8_0 blocks',
    );
  });
});

describe.each(['gpt2', 'llama', 'qwen2', 'qwen3'])('a GGUF file of a %s model', (modelType) => {
  it('has bitwise the weights of the folder that it was made from', async () => {
    const model = await openModelFolder(await folderOf(ggufOf(modelType)));
    const { weights, shape } = await openModelWeights(join(fixtures, 'transformers', modelType));
    expect({ ...model.shape, vocabularySize: 0 }).toEqual({ ...shape, vocabularySize: 0 });
    expect(model.weights.names).toEqual(weights.names);
    for (const name of weights.names) {
      const expected = await weights.read(name);
      // An embedding has a row for each token of the file's tokenizer.
      expect((await model.weights.read(name)).subarray(0, expected.length), name).toEqual(expected);
    }
    await weights.close();
    await model.close();
  });

  it('gives texts the ids that transformers gives them, and back', async () => {
    const golden = (await readJson('tokenizers.json')) as Readonly<
      Record<string, readonly { readonly text: string; readonly ids: readonly number[] }[]>
    >;
    const model = await openModelFolder(await folderOf(ggufOf(modelType)));
    for (const { text, ids } of golden[modelType] ?? [])
      expect([...model.tokenizer.encode(text)], text).toEqual(ids);
    await model.close();
  });
});

describe('a GGUF file that cannot be read is refused, with what is wrong', () => {
  it('cut off in its weights', async () => {
    const file = join(await temporaryFolder(), 'cut.gguf');
    await cp(ggufOf('qwen3'), file);
    await truncate(file, 40_000);
    await expect(describeGguf(file)).rejects.toThrow(
      /The tensor "[^"]+" ends at byte 4\d,\d+, and the file has 40,000/,
    );
  });

  it('cut off in its head', async () => {
    const file = join(await temporaryFolder(), 'cut.gguf');
    await cp(ggufOf('qwen3'), file);
    await truncate(file, 300);
    await expect(describeGguf(file)).rejects.toThrow('The file ends within its head');
  });

  it('that is another kind of file', async () => {
    const file = join(await temporaryFolder(), 'text.gguf');
    await writeFile(file, 'This is a text.');
    await expect(describeGguf(file)).rejects.toThrow('no GGUF file that can be read');
  });

  it('of another kind of model', async () => {
    const file = join(await temporaryFolder(), 'other.gguf');
    await writeFile(
      file,
      (await readFile(ggufOf('qwen3'))).toString('latin1').replaceAll('qwen3', 'mamba'),
      'latin1',
    );
    await expect(describeGguf(file)).rejects.toThrow(
      'Models of the kind "mamba" are not supported. Loam reads GGUF files of these kinds: gpt2, llama, qwen2, qwen3.',
    );
  });

  it('in an unknown form of blocks', async () => {
    const file = join(await temporaryFolder(), 'form.gguf');
    const bytes = await readFile(ggufOf('qwen3'));
    const at = bytes.indexOf('token_embd.weight') + 'token_embd.weight'.length + 4 + 16;
    bytes.writeUInt32LE(99, at);
    await writeFile(file, bytes);
    await expect(describeGguf(file)).rejects.toThrow(
      'The tensor "token_embd.weight" is kept in a form that is not read (ggml type 99).',
    );
  });

  it('that is one part of several', async () => {
    const file = join(await temporaryFolder(), 'model-00001-of-00002.gguf');
    await cp(ggufOf('qwen3'), file);
    await expect(describeGguf(file)).rejects.toThrow('part 1 of 2 of a model');
  });

  it('that lost a tensor', async () => {
    const folder = await folderOf(ggufOf('qwen3'));
    const file = join(folder, 'model.gguf');
    const handle = await open(file, 'r+');
    const bytes = await readFile(file);
    await handle.write('blk.0.ffn_zz.weight', bytes.indexOf('blk.0.ffn_up.weight'));
    await handle.close();
    await expect(openModelFolder(folder)).rejects.toThrow('model.layers.0.mlp.up_proj.weight');
  });
});
