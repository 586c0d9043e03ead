// Reads the exports of LOAM_INTEROP_DIR/exports with transformers.js, as a web page or a Node program would: its greedy
// text must be Loam's, alone and in a batch of two prompts of unequal length, padded on the left.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The part of transformers.js that is used here. */
interface TransformersJs {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoTokenizer: {
    from_pretrained(model: string): Promise<
      ((texts: string | string[], options?: object) => object) & {
        padding_side: string;
        batch_decode(ids: unknown, options: object): string[];
      }
    >;
  };
  readonly AutoModelForCausalLM: {
    from_pretrained(
      model: string,
      options: object,
    ): Promise<{
      generate(inputs: object): Promise<{ tolist(): bigint[][] }>;
      dispose(): Promise<unknown>;
    }>;
  };
}

interface Expected {
  readonly prompts: string[];
  readonly ids: readonly (readonly number[])[];
}

const { LOAM_INTEROP_DIR: target, LOAM_TRANSFORMERS_JS: modules } = process.env;
if (target === undefined || modules === undefined)
  throw new Error('Set LOAM_INTEROP_DIR and LOAM_TRANSFORMERS_JS, or run npm run test:interop.');
const entry = createRequire(join(modules, 'package.json')).resolve('@huggingface/transformers');
const { env, AutoTokenizer, AutoModelForCausalLM } = (await import(
  pathToFileURL(entry).href
)) as TransformersJs;
env.allowRemoteModels = false;
env.localModelPath = join(target, 'exports');

let wrong = 0;
for (const name of readdirSync(env.localModelPath)) {
  const { prompts, ids } = JSON.parse(
    readFileSync(join(env.localModelPath, name, 'expected.json'), 'utf8'),
  ) as Expected;
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  tokenizer.padding_side = 'left';
  const model = await AutoModelForCausalLM.from_pretrained(name, { dtype: 'fp32' });
  const continueGreedily = async (texts: string[]): Promise<number[][]> => {
    const inputs = tokenizer(texts, { padding: true });
    const length = (inputs as { input_ids: { dims: number[] } }).input_ids.dims[1] ?? 0;
    const output = await model.generate({ ...inputs, max_new_tokens: 20, do_sample: false });
    return output.tolist().map((row) => row.slice(length).map(Number));
  };
  const alone = [
    await continueGreedily([prompts[0] ?? '']),
    await continueGreedily([prompts[1] ?? '']),
  ].flat();
  const together = await continueGreedily(prompts);
  for (const [way, results] of Object.entries({ alone, together })) {
    results.forEach((result, index) => {
      const expected = ids[index] ?? [];
      const same = expected.every((id, position) => result[position] === id);
      if (!same) wrong++;
      process.stdout.write(`${same ? '✓' : '✗'} ${name}, prompt ${index + 1} ${way}\n`);
      if (!same)
        process.stdout.write(`  Loam ${expected.join(' ')}\n  transformers.js ${result.join(' ')}\n`);
    });
  }
  await model.dispose();
}
process.exitCode = wrong === 0 ? 0 : 1;
