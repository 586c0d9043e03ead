import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import {
  declaredObjectives,
  loadObjective,
  registerObjective,
} from '../../../src/main/llm/objectives/registry.ts';
import { pauseAt, runTiny, temporaryFolder } from '../training/tiny-run.ts';
import { previousToken } from './previous-token.ts';

registerObjective(previousToken);

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

describe('an objective that the program does not name, once it is registered', () => {
  const job = { objective: previousToken };

  it('is declared after those of the program', () => {
    expect(declaredObjectives().map(({ name }) => name)).toEqual(['next-token', 'answers', 'previous-token']);
  });

  it('trains, and learns something else than the next token', async () => {
    const training = { steps: 40, evaluationInterval: 20 };
    const own = await runTiny({ engine, folder: await temporaryFolder(), training, job });
    const usual = await runTiny({ engine, folder: await temporaryFolder(), training });
    expect(own.losses.at(-1)?.[1]).toBeLessThan(own.losses[0]?.[1] ?? 0);
    expect(own.losses).not.toEqual(usual.losses);
  });

  it('has bitwise the same losses after a pause', async () => {
    const whole = await runTiny({ engine, folder: await temporaryFolder(), job });
    const folder = await temporaryFolder();
    const pause = pauseAt((event) => event.type === 'step' && event.metrics.step === 5);
    const first = await runTiny({ engine, folder, job: { ...job, ...pause } });
    const second = await runTiny({ engine, folder, job: { ...job, resume: 'latest' } });
    expect([...first.losses, ...second.losses]).toEqual(whole.losses);
  });
});

it('an unknown objective is named, with the nearest that there is', async () => {
  await expect(loadObjective('next-tokens')).rejects.toThrow('Did you mean next-token?');
});
