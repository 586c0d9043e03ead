import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openModelFolder, writeModelFolder } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { openSafetensors, writeSafetensors } from '../../../src/main/llm/checkpoints/safetensors.ts';
import { readTextConventions } from '../../../src/main/llm/checkpoints/text-conventions.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import { loadModel } from '../../../src/main/llm/generation/loaded-model.ts';

/** A model that transformers wrote, and what it writes on from some prompts: tests/fixtures/foreign-model/make.py. */
const fixture = join(import.meta.dirname, '../../fixtures/foreign-model');
const cases = JSON.parse(await readFile(join(fixture, 'expected.json'), 'utf8')) as readonly {
  readonly prompt: string;
  readonly ids: readonly number[];
  readonly greedy: readonly number[];
}[];

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loam-foreign-'));
  folder = join(parent, 'model');
  await cp(fixture, folder, { recursive: true });
});
afterEach(() => rm(parent, { recursive: true }));

async function edit(file: string, change: (json: Record<string, unknown>) => void): Promise<void> {
  const json = JSON.parse(await readFile(join(folder, file), 'utf8')) as Record<string, unknown>;
  change(json);
  await writeFile(join(folder, file), JSON.stringify(json));
}

/** Writes the weights anew under other names. */
async function rename(nameOf: (name: string) => string): Promise<void> {
  const file = join(folder, 'model.safetensors');
  const opened = await openSafetensors(join(fixture, 'model.safetensors'));
  await writeSafetensors(
    file,
    [...opened.tensors].map(([name, { dtype, shape }]) => ({
      name: nameOf(name),
      dtype,
      shape,
      data: () => opened.readBytes(name),
    })),
  );
  await opened.close();
}

async function notesHere(): Promise<readonly string[]> {
  const model = await openModelFolder(folder);
  await model.close();
  return model.notes;
}

async function expectTextsOfTransformers(): Promise<void> {
  const model = await loadModel({ engine, folder });
  for (const { prompt, ids, greedy } of cases.slice(0, 2)) {
    const written = await model.generator.generate({ prompt, temperature: 0, maximumTokens: 8 });
    expect(written.promptTokens).toBe(ids.length);
    expect(written.ids).toEqual(greedy.slice(0, 8));
  }
  await model.close();
}

describe('a model from elsewhere', () => {
  it('sees its prompts as transformers gives them, with what its tokenizer puts around texts', async () => {
    const model = await openModelFolder(folder);
    const { before = [], after = [] } = model.tokenizer.frame ?? {};
    for (const { prompt, ids } of cases)
      expect([...before, ...model.tokenizer.encode(prompt), ...after]).toEqual(ids);
    expect(model.endOfText).toEqual([1, 2]);
    expect(model.beginOfText).toBe(0);
    expect(model.notes).toEqual([]);
    await model.close();
    await expectTextsOfTransformers();
  });

  it('is exported with every file that says how its texts are written, to the letter', async () => {
    const model = await openModelFolder(folder);
    const { shape, tokenizer, ids, weights } = model;
    const target = join(parent, 'export');
    await writeModelFolder(target, {
      shape,
      tokenizer,
      ids,
      weights: (name) => weights.read(name),
      conventions: await readTextConventions(folder),
    });
    await model.close();
    const kept = ['generation_config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'];
    for (const file of [...kept, 'additional_chat_templates/tools.jinja'])
      expect(await readFile(join(target, file), 'utf8')).toBe(await readFile(join(fixture, file), 'utf8'));
    expect((await readdir(target)).toSorted()).toEqual(
      ['additional_chat_templates', 'config.json', 'model.safetensors', ...kept].toSorted(),
    );
    expect(JSON.parse(await readFile(join(target, 'config.json'), 'utf8'))).toMatchObject({
      bos_token_id: 0,
      eos_token_id: 1,
      pad_token_id: 1,
    });
  });

  it('is exported without what a tokenizer puts around texts where it was trained here, which never saw it', async () => {
    await mkdir(join(folder, 'loam'));
    await writeFile(join(folder, 'loam', 'provenance.json'), '{}');
    const model = await openModelFolder(folder);
    expect(model.tokenizer.frame).toBeUndefined();
    const target = join(parent, 'export');
    await writeModelFolder(target, {
      shape: model.shape,
      tokenizer: model.tokenizer,
      weights: (name) => model.weights.read(name),
      conventions: await readTextConventions(folder),
    });
    await model.close();
    const exported = await openModelFolder(target);
    expect(exported.tokenizer.frame).toBeUndefined();
    await exported.close();
  });

  it.each([
    ['torch.compile', (name: string) => `_orig_mod.${name}`],
    ['several devices', (name: string) => `module.${name}`],
    ['both', (name: string) => `module._orig_mod.${name}`],
    ['layers compiled one by one', (name: string) => name.replace(/(layers\.\d+\.)/, '$1_orig_mod.')],
    [
      'activation checkpoints',
      (name: string) => name.replace(/(layers\.\d+\.)/, '$1_checkpoint_wrapped_module.'),
    ],
    ['an adapter’s wrapper', (name: string) => `base_model.model.${name}`],
  ])('is read under the names that %s left', async (_, nameOf) => {
    await rename(nameOf);
    await expectTextsOfTransformers();
    expect(await notesHere()).toEqual([
      expect.stringMatching(/names that a wrapper.*"[^"]+" as "(model|lm_head)\./),
    ]);
  });

  it('is refused with the prefix that all of its names have, where that is none of a wrapper', async () => {
    await rename((name) => `student.net.${name}`);
    await expect(openModelFolder(folder)).rejects.toThrow('begin with "student.net."');
  });

  it('is refused where adapters stand beside its weights', async () => {
    await rename((name) => `base_model.model.${name.replace('q_proj.weight', 'q_proj.base_layer.weight')}`);
    await expect(openModelFolder(folder)).rejects.toThrow('adapter (PEFT) that was not merged');
  });

  it('keeps an output layer of its own, whatever its description says of sharing one', async () => {
    await edit('config.json', (config) => (config['tie_word_embeddings'] = true));
    const model = await openModelFolder(folder);
    expect(model.shape).toMatchObject({ tiedEmbeddings: false });
    expect(model.notes).toEqual([expect.stringContaining('the file has two that differ')]);
    await model.close();
    await expectTextsOfTransformers();
  });

  it('writes although its tokenizer has tokens that it has no row for, as long as no text becomes them', async () => {
    const added = (content: string, special: boolean) =>
      edit('tokenizer.json', (file) => {
        const tokens = (file['added_tokens'] as readonly { id: number }[]).filter(({ id }) => id < 260);
        file['added_tokens'] = [...tokens, { id: 260, content, special }];
      });
    await added('<pad>', true);
    await expectTextsOfTransformers();
    expect(await notesHere()).toEqual([
      expect.stringContaining('1 token more than the model knows, such as "<pad>" (260)'),
    ]);
    await added('valve', false);
    await expect(openModelFolder(folder)).rejects.toThrow('it has nothing for "valve" (260)');
  });
});
