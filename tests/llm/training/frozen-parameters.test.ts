import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelWeights } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { openTrainingState } from '../../../src/main/llm/checkpoints/training-state.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { Parameter } from '../../../src/main/llm/models/parameter.ts';
import { createModelParameters } from '../../../src/main/llm/training/model-parameters.ts';
import { writeInitialParameters } from '../../../src/main/llm/training/initialization.ts';
import { pauseAt, runTiny, temporaryFolder, tinyJob } from './tiny-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const isLastBlock = ({ name }: Pick<Parameter, 'name'>): boolean => name.startsWith('transformer.h.1.');

async function weightsOf(checkpoint: string): Promise<ReadonlyMap<string, Float32Array>> {
  const { weights } = await openModelWeights(checkpoint);
  const read = await Promise.all(
    weights.names.map(async (name) => [name, await weights.read(name)] as const),
  );
  await weights.close();
  return new Map(read);
}

/** The values that a tiny run begins with. */
async function initialWeights(): Promise<ReadonlyMap<string, Float32Array>> {
  const { shape, configuration } = await tinyJob({ engine, folder: '' });
  const parameters = await createModelParameters(engine, shape);
  await writeInitialParameters(engine, parameters, configuration.seed);
  const read = await Promise.all(
    Object.entries(parameters.weights).map(
      async ([name, tensor]) => [name, (await engine.read(tensor)) as Float32Array] as const,
    ),
  );
  await parameters.dispose();
  return new Map(read);
}

const step = (folder: string, count: number) =>
  join(folder, 'checkpoints', `step-${String(count).padStart(8, '0')}`);

describe('a run of which only a part learns', () => {
  it('leaves the rest as it began, to the bit, and keeps moments of the part alone', async () => {
    const folder = await temporaryFolder();
    const { losses } = await runTiny({ engine, folder, job: { trains: { learns: isLastBlock } } });
    expect(losses.at(-1)?.[1]).toBeLessThan(losses[0]?.[1] ?? 0);
    const before = await initialWeights();
    const after = await weightsOf(step(folder, 12));
    for (const [name, values] of after) {
      const same = values.every((value, index) => value === before.get(name)?.[index]);
      expect(same, name).toBe(!isLastBlock({ name }));
    }
    const state = await openTrainingState(step(folder, 12));
    const { first } = await state.moments('transformer.h.1.attn.c_attn.weight');
    expect(first.some((moment) => moment !== 0)).toBe(true);
    await expect(state.moments('transformer.h.0.attn.c_attn.weight')).rejects.toThrow(
      'first_moment.transformer.h.0.attn.c_attn.weight',
    );
    await state.close();
  });

  it('moves that part at the first step as a run in which all learns does', async () => {
    const training = { steps: 1, gradientClipping: 0, evaluationInterval: 1, warmupSteps: 0 };
    const [part, whole] = [await temporaryFolder(), await temporaryFolder()];
    await runTiny({ engine, folder: part, training, job: { trains: { learns: isLastBlock } } });
    await runTiny({ engine, folder: whole, training });
    const [partly, wholly] = [await weightsOf(step(part, 1)), await weightsOf(step(whole, 1))];
    for (const [name, values] of partly) {
      if (!isLastBlock({ name })) continue;
      const expected = wholly.get(name) ?? new Float32Array();
      const apart = values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
      expect(apart, name).toBeLessThan(1e-6);
    }
  });

  it('has bitwise the same losses after a pause', async () => {
    const whole = await runTiny({
      engine,
      folder: await temporaryFolder(),
      job: { trains: { learns: isLastBlock } },
    });
    const folder = await temporaryFolder();
    const pause = pauseAt((event) => event.type === 'step' && event.metrics.step === 5);
    const first = await runTiny({ engine, folder, job: { trains: { learns: isLastBlock }, ...pause } });
    const second = await runTiny({
      engine,
      folder,
      job: { trains: { learns: isLastBlock }, resume: 'latest' },
    });
    expect([...first.losses, ...second.losses]).toEqual(whole.losses);
  });
});
