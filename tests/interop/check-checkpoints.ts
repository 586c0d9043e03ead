// Reads the models that tests/interop/python/test_checkpoints.py saved with transformers, in several precisions, in one
// file and in several, and compares Loam's logits with those of transformers.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModelFolder } from '../../src/main/llm/checkpoints/model-folder.ts';
import type { DeviceTensor } from '../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../src/main/llm/engines/onnxruntime/engine.ts';
import { createForwardPass } from '../../src/main/llm/generation/forward-pass.ts';
import { parametersOf } from '../../src/main/llm/models/registry.ts';

const target = process.env['LOAM_INTEROP_DIR'];
if (target === undefined)
  throw new Error('Set LOAM_INTEROP_DIR to the folder that the tests in Python wrote into.');
const folder = join(target, 'from-transformers');
const names = await readdir(folder);
if (names.length === 0) throw new Error(`There are no models in ${folder}.`);

const engine = await createOnnxRuntimeEngine({ threads: 1 });
for (const name of names) {
  const expected = JSON.parse(await readFile(join(folder, name, 'expected.json'), 'utf8')) as {
    readonly ids: readonly number[];
    readonly logits: readonly number[];
  };
  const model = await openModelFolder(join(folder, name));
  const weights: Record<string, DeviceTensor> = {};
  for (const parameter of parametersOf(model.shape)) {
    const tensor = engine.allocate('float32', parameter.shape);
    await engine.write(tensor, await model.weights.read(parameter.name));
    weights[parameter.name] = tensor;
  }
  await model.close();
  const pass = await createForwardPass({
    engine,
    shape: model.shape,
    weights,
    frozen: true,
    cacheLength: 64,
  });
  const logits = await pass.run(expected.ids, 0);
  await pass.dispose();
  const difference = expected.logits.reduce(
    (largest, logit, index) => Math.max(largest, Math.abs(logit - logits[index]!)),
    0,
  );
  if (!(difference <= 1e-4))
    throw new Error(`${name}: Loam's logits differ from those of transformers by ${difference}.`);
  process.stdout.write(`${name}: largest difference of a logit ${difference.toExponential(1)}\n`);
}
await engine.dispose();
