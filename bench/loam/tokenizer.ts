import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { saveTokenizer } from '../../src/main/llm/tokenizers/save.ts';
import { trainTokenizer } from '../../src/main/llm/tokenizers/train.ts';
import { peakMemoryBytes, readParameters, reportResult } from './parameters.ts';

/** Trains a byte-level BPE tokenizer on texts in memory, saves it, and encodes the same texts. */
const { texts, vocabularySize, folder, encodings } = readParameters() as {
  /** A JSON file with an array of strings. */
  texts: string;
  vocabularySize: number;
  /** Where the tokenizer is saved. */
  folder: string;
  /** How often the texts are encoded. */
  encodings: number;
};
const pieces = JSON.parse(await readFile(texts, 'utf8')) as readonly string[];

async function* documents() {
  yield* pieces;
}
const begin = performance.now();
const tokenizer = await trainTokenizer({
  documents: documents(),
  kind: 'bpe',
  vocabularySize,
  minimumFrequency: 2,
});
const trainingSeconds = (performance.now() - begin) / 1000;
await saveTokenizer(tokenizer, folder);

const encodingSeconds: number[] = [];
let encoded: readonly Uint32Array[] = [];
for (let round = 0; round < encodings; round += 1) {
  const start = performance.now();
  encoded = pieces.map((piece) => tokenizer.encode(piece));
  encodingSeconds.push((performance.now() - start) / 1000);
}
const hash = createHash('sha256');
for (const ids of encoded) hash.update(ids);
reportResult({
  trainingSeconds,
  firstEncodingSeconds: encodingSeconds[0],
  encodingSeconds: Math.min(...encodingSeconds),
  vocabularySize: tokenizer.vocabularySize,
  tokens: encoded.reduce((sum, ids) => sum + ids.length, 0),
  idsHash: hash.digest('hex'),
  peakBytes: peakMemoryBytes(),
});
