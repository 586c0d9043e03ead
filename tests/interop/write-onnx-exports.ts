// Exports the models of LOAM_INTEROP_DIR/checkpoints (write-checkpoints.ts) to LOAM_INTEROP_DIR/exports, each with
// expected.json: two prompts of unequal length and the text with which Loam goes on from each greedily.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnnxRuntimeEngine } from '../../src/main/llm/engines/onnxruntime/engine.ts';
import { exportOnnx } from '../../src/main/llm/export/onnx-export.ts';
import { loadModel } from '../../src/main/llm/generation/loaded-model.ts';

const target = process.env['LOAM_INTEROP_DIR'];
if (target === undefined) throw new Error('Set LOAM_INTEROP_DIR to the folder to write into.');
await mkdir(join(target, 'exports'), { recursive: true });

const prompts = ['The pump was repaired on Monday', 'Valve'];
const engine = await createOnnxRuntimeEngine({ threads: 1 });
for (const name of await readdir(join(target, 'checkpoints'))) {
  const modelFolder = join(target, 'checkpoints', name);
  const outputFolder = join(target, 'exports', name);
  await exportOnnx({ modelFolder, outputFolder, engine });
  const model = await loadModel({ engine, folder: modelFolder });
  const greedy = [];
  for (const prompt of prompts)
    greedy.push(await model.generator.generate({ prompt, maximumTokens: 20, temperature: 0 }));
  await model.close();
  await writeFile(
    join(outputFolder, 'expected.json'),
    JSON.stringify({
      prompts,
      texts: greedy.map((result) => result.text),
      ids: greedy.map((result) => result.ids),
    }),
  );
}
await engine.dispose();
