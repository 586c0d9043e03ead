import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readShape } from '../../src/main/llm/checkpoints/read-shape.ts';
import { openSafetensors, writeSafetensors } from '../../src/main/llm/checkpoints/safetensors.ts';
import { openTrainingState, writeTrainingState } from '../../src/main/llm/checkpoints/training-state.ts';
import { readJson } from '../../src/main/llm/checkpoints/weight-files.ts';
import { inspectTextFile } from '../../src/main/llm/data/file-inspection.ts';
import { readRecords } from '../../src/main/llm/data/source-records.ts';
import { openExamples } from '../../src/main/llm/data/examples/open-examples.ts';
import { writeExamples } from '../../src/main/llm/data/examples/write-examples.ts';
import { openTokenShards } from '../../src/main/llm/data/open-token-shards.ts';
import { writeTokenShards } from '../../src/main/llm/data/write-token-shards.ts';
import { manifestPath } from '../../src/main/llm/files/manifest.ts';
import { GraphBuilder } from '../../src/main/llm/graph/builder.ts';
import { add, tanh } from '../../src/main/llm/graph/operators/elementwise.ts';
import { readGraph } from '../../src/main/llm/graph/read.ts';
import { serializeGraph } from '../../src/main/llm/graph/serialize.ts';
import { loadTokenizer } from '../../src/main/llm/tokenizers/load.ts';
import { initialRunState } from '../../src/main/llm/training/run-state.ts';
import { parseSavedRunState } from '../../src/main/llm/training/saved-run-state.ts';
import { readMessage } from '../../src/main/hosts/rpc/messages.ts';
import { unpackLibraries } from '../../src/main/studio/engines/unpack-libraries.ts';
import { resolveConfiguration } from '../../src/main/studio/training/resolve-configuration.ts';
import { readSettings } from '../../src/main/studio/settings/settings.ts';
import { recipeSchema } from '../../src/shared/datasets/recipe.ts';
import type { SourceFormat } from '../../src/shared/datasets/dataset.ts';
import { parseJsonWithComments } from '../../src/shared/json-with-comments.ts';
import { byteTokenizer } from '../llm/data/byte-tokenizer.ts';
import { ownLibrary, writeTarGz, writeZip } from '../studio/engines/archives.ts';

/** Something that reads what comes from outside, or what lay on a disk for a while. */
export interface Parser {
  readonly name: string;
  /** Puts a whole input down in an empty folder. @returns the file of it that is mutated. */
  readonly lay: (folder: string) => Promise<string>;
  /** Reads it as the program does. Whatever is thrown besides a LoamError is a fault of the parser. */
  readonly read: (file: string, folder: string) => Promise<unknown>;
}

const fixtures = join(import.meta.dirname, '..', 'fixtures');

/** A file of which only the content matters. */
const copied =
  (name: string, from: string) =>
  async (folder: string): Promise<string> => {
    await writeFile(join(folder, name), await readFile(join(fixtures, from)));
    return join(folder, name);
  };

const written =
  (name: string, text: string) =>
  async (folder: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

function records(format: SourceFormat, text: string): Parser {
  const name = `records.${format}`;
  return {
    name: `records of ${format}`,
    lay: written(name, text),
    read: async (file) => {
      const { encoding } = await inspectTextFile(file, name);
      const reading = { format, columns: ['id', 'text'] };
      for await (const _ of readRecords({ path: file, name, encoding, reading }, { onBad: () => undefined }));
    },
  };
}

const tokenizer = (kind: string): Parser => ({
  name: `tokenizer.json (${kind})`,
  lay: copied('tokenizer.json', join('tokenizers', kind, 'tokenizer.json')),
  read: async (_, folder) => {
    const loaded = await loadTokenizer(folder);
    loaded.decode(loaded.encode('The pump was replaced in März, ready again.'));
  },
});

const archive = (name: string, write: (path: string) => Promise<string>): Parser => ({
  name: `archive ${name}`,
  lay: (folder) => write(join(folder, name)),
  read: async (file, folder) => {
    const target = join(folder, 'unpacked');
    await mkdir(target, { recursive: true });
    await unpackLibraries([file], target);
  },
});

const table = 'id,text\n1,"The pump leaks, again"\n2,"A valve\nwas replaced"\n3,plain\n4,"says ""hello"""\n';
const objects = [
  { id: 1, text: 'The pump leaks.' },
  { id: 2, text: 'A valve was replaced.', parts: [{ name: 'seal', price: 1.1 }] },
  { id: 9007199254740991, text: null },
];
const library = { 'lib/libtensorflow_cc.so.2': ownLibrary('the library') };

/** Every reader of foreign or long-kept bytes. */
export const parsers: readonly Parser[] = [
  ...['gpt2', 'llama', 'qwen3'].map((family): Parser => ({
    name: `config.json (${family})`,
    lay: copied('config.json', join('transformers', family, 'config.json')),
    read: async (file) => readShape(await readJson(file)),
  })),
  ...['unigram', 'wordpiece', 'metaspace', 'qwen'].map(tokenizer),
  {
    name: 'safetensors',
    lay: async (folder) => {
      const file = join(folder, 'model.safetensors');
      const tensor = (name: string, shape: readonly number[]) => ({
        name,
        dtype: 'F32' as const,
        shape,
        data: async () => new Uint8Array(4 * shape.reduce((product, size) => product * size, 1)),
      });
      await writeSafetensors(file, [tensor('a.weight', [4, 6]), tensor('b', [3])]);
      return file;
    },
    read: async (file) => {
      const opened = await openSafetensors(file);
      try {
        for (const name of ['a.weight', 'b']) await opened.read(name);
      } finally {
        await opened.close();
      }
    },
  },
  {
    name: 'state of a checkpoint',
    lay: async (folder) => {
      await writeTrainingState(folder, {
        state: {
          regular: true,
          run: initialRunState({
            microBatchSize: 1,
            lossChunks: 1,
            steps: 10,
            secondsPerStep: 1,
            memoryBytes: 1,
            candidates: [],
          }),
        },
        configuration: {},
        provenance: {},
        parameters: [],
        moments: () => ({ first: new Float32Array(), second: new Float32Array() }),
      });
      // Whoever makes a hostile checkpoint leaves out what would tell of a change.
      await rm(join(folder, manifestPath), { force: true });
      return join(folder, 'loam', 'state.json');
    },
    read: async (_, folder) => {
      const opened = await openTrainingState(folder);
      await opened.close();
      parseSavedRunState(opened.state, folder);
    },
  },
  {
    name: 'index of token shards',
    lay: async (folder) => {
      const target = join(folder, 'tokens');
      await writeTokenShards({
        documents: (async function* () {
          for (const text of ['one text', 'another text', 'a third one'])
            yield { text, source: 'a.txt', index: 0 };
        })(),
        tokenizer: byteTokenizer,
        folder: target,
        split: { mode: 'document', validationFraction: 0.4, seed: 1 },
      });
      return join(target, 'index.json');
    },
    read: async (_, folder) => {
      const opened = await openTokenShards(join(folder, 'tokens'));
      opened.train.read(0, Math.min(4, opened.train.tokens));
      opened.close();
    },
  },
  {
    name: 'index of examples',
    lay: async (folder) => {
      const target = join(folder, 'examples');
      await writeExamples(
        {
          folder: target,
          form: 'numbers-1',
          tokenizerHash: 'none',
          labels: ['one', 'other'],
          columns: [
            { name: 'text', below: 256, values: 'many' },
            { name: 'label', below: 2, values: 'one' },
          ],
          split: { mode: 'document', validationFraction: 0.4, seed: 1 },
        },
        async (sink) => {
          for (const label of [0, 1, 1]) {
            await sink.append('text', [1, 2, 3 + label]);
            await sink.append('label', [label]);
            await sink.endExample(3);
          }
          return { notes: [] };
        },
      );
      return join(target, 'index.json');
    },
    read: async (_, folder) => {
      const opened = await openExamples(join(folder, 'examples'), 'numbers-1');
      opened.train.read('text', 0, 4);
      opened.close();
    },
  },
  records('csv', table),
  records('tsv', table.replaceAll(',', '\t')),
  records('json', JSON.stringify(objects, null, 1)),
  records('jsonl', objects.map((each) => JSON.stringify(each)).join('\n')),
  {
    name: 'ONNX graph',
    lay: async (folder) => {
      const builder = new GraphBuilder('small');
      const input = builder.input('x', 'float32', [2, 3]);
      builder.output('y', tanh(add(input, builder.scalar(2))));
      await writeFile(join(folder, 'model.onnx'), serializeGraph(builder.finish()));
      return join(folder, 'model.onnx');
    },
    read: async (file) => readGraph(await readFile(file), 'model.onnx'),
  },
  archive('tensorflow_cpu-2.15.1-cp311-any.whl', (path) =>
    writeZip(path, { 'tensorflow/libtensorflow_cc.so.2': library['lib/libtensorflow_cc.so.2'] }),
  ),
  archive('libtensorflow.tar.gz', (path) => writeTarGz(path, library)),
  {
    name: 'recipe',
    lay: written(
      'recipe.json',
      JSON.stringify([
        { kind: 'editDocument', key: '0123456789abcdef', text: 'another text' },
        { kind: 'excludeDocuments', keys: ['0123456789abcdef~1'] },
      ]),
    ),
    read: async (file) => recipeSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))),
  },
  {
    name: 'settings',
    lay: async (folder) => {
      process.env['LOAM_HOME'] = folder;
      return written('settings.json', '{ "freeCores": 1 }')(folder);
    },
    read: readSettings,
  },
  {
    name: 'configuration of a run',
    lay: written(
      'model.json',
      '{\n  // small\n  "model": { "layers": 2, "heads": 2, "hiddenSize": 32 },\n  "training": { "steps": 500, "learningRate": 0.001 },\n}',
    ),
    read: async (file) => {
      const values = parseJsonWithComments(await readFile(file, 'utf8'), file);
      resolveConfiguration([{ origin: file, values }]);
    },
  },
  {
    name: 'message of a page',
    lay: written(
      'message.json',
      JSON.stringify({ i: '1', p: { u: '/runs/create', b: { json: { name: 'a' } }, h: { 'x-a': 'b' } } }),
    ),
    read: async (file) => readMessage(await readFile(file, 'utf8')),
  },
];
