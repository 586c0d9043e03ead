// Writes tokenizers that Loam trained into LOAM_INTEROP_DIR/tokenizers, each in a folder of its own with cases.json: texts
// with the ids that Loam gives and what it decodes them to. documents.json holds what they were trained on: the sample
// documents of the tests and Loam's own source code.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTokenizer } from '../../src/main/llm/tokenizers/load.ts';
import { saveTokenizer } from '../../src/main/llm/tokenizers/save.ts';
import type { Tokenizer } from '../../src/main/llm/tokenizers/tokenizer.ts';
import { trainTokenizer, type TokenizerTrainingOptions } from '../../src/main/llm/tokenizers/train.ts';
import { corpus, documentsOf, goldenPath, texts } from '../fixtures/tokenizers/golden.ts';

const target = process.env['LOAM_INTEROP_DIR'];
if (target === undefined) throw new Error('Set LOAM_INTEROP_DIR to the folder to write into.');
const folder = join(target, 'tokenizers');
await mkdir(folder, { recursive: true });

const source = join(import.meta.dirname, '..', '..', 'src');
const names = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
const code = await Promise.all(names.map((name) => readFile(join(source, name), 'utf8')));
const documents = [...corpus, ...code];
await writeFile(join(folder, 'documents.json'), JSON.stringify(documents));

const settings: Readonly<Record<string, Omit<TokenizerTrainingOptions, 'documents'>>> = {
  gpt4: { kind: 'bpe', vocabularySize: 3000, minimumFrequency: 2 },
  qwen: { kind: 'bpe', vocabularySize: 1000, minimumFrequency: 1, pattern: 'qwen' },
  gpt2: { kind: 'bpe', vocabularySize: 1500, minimumFrequency: 3, pattern: 'gpt2' },
  exhausted: { kind: 'bpe', vocabularySize: 200_000, minimumFrequency: 2 },
  characters: { kind: 'char', vocabularySize: 0, minimumFrequency: 1 },
};
for (const [name, options] of Object.entries(settings)) {
  await write(name, await trainTokenizer({ documents: documentsOf(documents), ...options }));
  await writeFile(join(folder, name, 'training.json'), JSON.stringify(options));
}
await write('from-two-files', await loadTokenizer(goldenPath('gpt2')));

async function write(name: string, tokenizer: Tokenizer): Promise<void> {
  await saveTokenizer(tokenizer, join(folder, name));
  const cases = [...Object.values(texts), ...documents].map((text) => {
    const ids = tokenizer.encode(text);
    return { text, ids: Array.from(ids), decoded: tokenizer.decode(ids) };
  });
  await writeFile(join(folder, name, 'cases.json'), JSON.stringify(cases));
}
