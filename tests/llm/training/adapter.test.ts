import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelFolder, openModelWeights } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { openTrainingState } from '../../../src/main/llm/checkpoints/training-state.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import { loadModel } from '../../../src/main/llm/generation/loaded-model.ts';
import { parametersOf } from '../../../src/main/llm/models/registry.ts';
import type { TrainingJob } from '../../../src/main/llm/training/train.ts';
import { trainedPart } from '../../../src/main/llm/training/trained-part.ts';
import { pauseAt, runTiny, temporaryFolder, tinyJob } from './tiny-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const lora = { rank: 4, alpha: 8, layers: 'all', rankStabilized: false } as const;

const step = (folder: string, count: number) =>
  join(folder, 'checkpoints', `step-${String(count).padStart(8, '0')}`);

/** A folder with a run whose last checkpoint others can begin with. */
async function trainedBase(): Promise<string> {
  const folder = await temporaryFolder();
  await runTiny({ engine, folder });
  return step(folder, 12);
}

async function adapting(base: string): Promise<Pick<TrainingJob, 'trains' | 'start'>> {
  const { shape } = await tinyJob({ engine, folder: '' });
  return {
    trains: trainedPart(parametersOf(shape), { lora }),
    start: { folder: base, takes: 'weights' },
  };
}

describe('a run that trains an adapter', () => {
  it('lowers the loss, and its checkpoints hold the adapter alone, in the form of PEFT', async () => {
    const base = await trainedBase();
    const folder = await temporaryFolder();
    const { events } = await runTiny({
      engine,
      folder,
      job: await adapting(base),
      training: { steps: 40, learningRate: 1e-2, evaluationInterval: 10 },
    });
    const measured = events.flatMap((event) => (event.type === 'evaluated' ? [event.metrics.loss] : []));
    expect(measured.at(-1)).toBeLessThan((measured[0] ?? 0) - 0.02);
    expect(JSON.parse(await readFile(join(step(folder, 40), 'adapter_config.json'), 'utf8'))).toMatchObject({
      peft_type: 'LORA',
      r: 4,
      lora_alpha: 8,
      target_modules: ['attn.c_attn', 'attn.c_proj', 'mlp.c_fc', 'mlp.c_proj'],
      fan_in_fan_out: true,
    });
    const size = async (file: string) => (await stat(file)).size;
    expect(await size(join(step(folder, 40), 'adapter_model.safetensors'))).toBeLessThan(
      (await size(join(base, 'model.safetensors'))) / 2,
    );
    // The model that the checkpoint is, adapter merged, scores what the adapter beside its model did.
    const job = await tinyJob({ engine, folder: '' });
    const { weights } = await openModelWeights(step(folder, 40));
    const tensors: Record<string, ReturnType<Engine['allocate']>> = {};
    for (const { name, shape } of parametersOf(job.shape)) {
      tensors[name] = engine.allocate('float32', shape);
      await engine.write(tensors[name], await weights.read(name));
    }
    await weights.close();
    const evaluator = await job.objective.createEvaluator({ engine, shape: job.shape, weights: tensors });
    const { loss } = await evaluator.evaluate({ split: job.data.validation });
    expect(loss).toBeCloseTo(measured.at(-1) ?? NaN, 5);
    await evaluator.dispose();
  });

  it('has bitwise the same losses after a pause', async () => {
    const base = await trainedBase();
    const job = await adapting(base);
    const whole = await runTiny({ engine, folder: await temporaryFolder(), job });
    const folder = await temporaryFolder();
    const pause = pauseAt((event) => event.type === 'step' && event.metrics.step === 5);
    const first = await runTiny({ engine, folder, job: { ...job, ...pause } });
    const second = await runTiny({ engine, folder, job: { ...job, resume: 'latest' } });
    expect([...first.losses, ...second.losses]).toEqual(whole.losses);
    const state = await openTrainingState(step(folder, 12));
    await expect(state.moments('transformer.h.0.attn.c_attn.weight')).rejects.toThrow('first_moment');
    await state.close();
  });

  it('writes samples with the adapter, and a checkpoint of it writes on its own', async () => {
    const base = await trainedBase();
    const folder = await temporaryFolder();
    const { events } = await runTiny({
      engine,
      folder,
      job: await adapting(base),
      training: { sample: { maximumTokens: 20, temperature: 0, prompt: 'the ' } },
    });
    const sample = events.findLast((event) => event.type === 'sample');
    const model = await loadModel({ engine, folder: step(folder, 12) });
    const { text } = await model.generator.generate({ prompt: 'the ', maximumTokens: 20, temperature: 0 });
    await model.close();
    expect(text).toBe(sample?.text);
  });

  it('is refused over another model than the one that it was trained on, and without any', async () => {
    const base = await trainedBase();
    const folder = await temporaryFolder();
    await runTiny({ engine, folder, job: await adapting(base) });
    const checkpoint = await temporaryFolder();
    await cp(step(folder, 12), checkpoint, { recursive: true });
    await expect(openModelFolder(checkpoint)).rejects.toThrow('is not here');
    await cp(base, join(checkpoint, 'base'), { recursive: true });
    await (await openModelFolder(checkpoint)).close();
    const other = await temporaryFolder();
    await runTiny({ engine, folder: other, training: { seed: 2 } });
    await rm(join(checkpoint, 'base'), { recursive: true });
    await cp(step(other, 12), join(checkpoint, 'base'), { recursive: true });
    await expect(openModelFolder(checkpoint)).rejects.toThrow('made for a model with other weights');
  });

  it('is refused by name where it computes what Loam does not', async () => {
    const base = await trainedBase();
    const folder = await temporaryFolder();
    await runTiny({ engine, folder, job: await adapting(base) });
    const file = join(step(folder, 12), 'adapter_config.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await rm(join(step(folder, 12), 'loam'), { recursive: true });
    for (const [change, said] of [
      [{ use_dora: true }, 'use_dora'],
      [{ modules_to_save: ['lm_head'] }, 'modules_to_save'],
      [{ rank_pattern: { c_attn: 8 } }, 'rank_pattern'],
      [{ peft_type: 'LOHA' }, 'of the kind LOHA'],
      [{ r: 0 }, 'r: '],
      [{ r: 8 }, 'the model needs [8,'],
    ] as const) {
      await writeFile(file, JSON.stringify({ ...config, ...change }));
      await expect(openModelWeights(step(folder, 12)), said).rejects.toThrow(said);
    }
  });
});
