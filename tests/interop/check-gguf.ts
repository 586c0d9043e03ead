// Writes with the published model that tests/interop/python/test_gguf.py wrote with, from the same GGUF file: the same tokens of
// the same conversation, and then each of the 200 that transformers wrote as the likeliest next one here too.
import { mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadDeviceWeights } from '../../src/main/llm/checkpoints/device-weights.ts';
import { describeGguf } from '../../src/main/llm/checkpoints/gguf/describe-gguf.ts';
import { openModelFolder } from '../../src/main/llm/checkpoints/model-folder.ts';
import { createOnnxRuntimeEngine } from '../../src/main/llm/engines/onnxruntime/engine.ts';
import type { ChatMessage } from '../../src/main/llm/conversations/chat-message.ts';
import { loadChatTemplate } from '../../src/main/llm/conversations/chat-template.ts';
import { createForwardPass } from '../../src/main/llm/generation/forward-pass.ts';

const target = process.env['LOAM_INTEROP_DIR'];
if (target === undefined)
  throw new Error('Set LOAM_INTEROP_DIR to the folder that the tests in Python wrote into.');
const expected = JSON.parse(await readFile(join(target, 'from-gguf', 'expected.json'), 'utf8')) as {
  readonly file: string;
  readonly messages: readonly ChatMessage[];
  readonly ids: readonly number[];
  readonly greedy: readonly number[];
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
};
const folder = await mkdtemp(join(target, 'gguf-'));
for (const [name, text] of await describeGguf(expected.file)) await writeFile(join(folder, name), text);
await symlink(expected.file, join(folder, 'model.gguf'));

function requireSame(what: string, mine: ArrayLike<number>, theirs: readonly number[]): void {
  const place = theirs.findIndex((id, index) => id !== mine[index]);
  if (place < 0 && mine.length === theirs.length) return;
  throw new Error(
    `${what} differs from that of transformers at token ${place}: ${mine[place]}, not ${theirs[place]}.`,
  );
}

/** Logits that differ by less are one to float32: which is larger depends on the order of sums. */
const nearTie = 1e-3;

const model = await openModelFolder(folder);
for (const { text, ids } of expected.texts)
  requireSame(JSON.stringify(text), model.tokenizer.encode(text), ids);
const template = await loadChatTemplate(folder, model.tokenizer);
if (template === undefined) throw new Error('The file has a chat template, and it was not found.');
const prompt = await template.encode(expected.messages);
requireSame('The conversation', prompt, expected.ids);

const engine = await createOnnxRuntimeEngine({ threads: 2 });
const { tensors: weights } = await loadDeviceWeights(engine, model.shape, (name) => model.weights.read(name));
await model.close();
const pass = await createForwardPass({ engine, shape: model.shape, weights, frozen: true, cacheLength: 512 });
let logits = await pass.run(expected.ids, 0);
let ties = 0;
for (const [place, theirs] of expected.greedy.entries()) {
  const largest = Math.max(...logits);
  const behind = largest - logits[theirs]!;
  if (behind > nearTie)
    throw new Error(
      `At token ${place} transformers writes ${theirs}, which is ${behind} behind ${logits.indexOf(largest)} here.`,
    );
  if (behind > 0) ties += 1;
  logits = await pass.run([theirs], expected.ids.length + place);
}
process.stdout.write(
  `SmolLM2-135M-Instruct from GGUF: ${expected.greedy.length} tokens as transformers writes them, ${ties} of them by a tie within the rounding of float32\n`,
);
await pass.dispose();
await engine.dispose();
