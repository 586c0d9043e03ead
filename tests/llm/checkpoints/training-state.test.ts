import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openTrainingState,
  writeTrainingState,
  type TrainingStateContent,
} from '../../../src/main/llm/checkpoints/training-state.ts';
import { LoamError } from '../../../src/shared/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-state-'));
});
afterEach(() => rm(folder, { recursive: true }));

const content: TrainingStateContent = {
  state: { step: 7, sampler: { epoch: 1, position: 3 }, loss: 0.1 + 0.2 },
  configuration: { training: { steps: 10 } },
  provenance: { data: 'abc' },
  parameters: [
    { name: 'a.weight', shape: [2, 2] },
    { name: 'b', shape: [1] },
  ],
  moments: (name) =>
    name === 'b'
      ? { first: Float32Array.of(1e-38), second: Float32Array.of(-0) }
      : { first: Float32Array.of(1, 2, 3, 4), second: Float32Array.of(5, 6, 7, 8) },
};

describe('a training state', () => {
  it('comes back bit by bit', async () => {
    await writeTrainingState(folder, content);
    const opened = await openTrainingState(folder);
    expect(opened.state).toEqual(content.state);
    expect(opened.configuration).toEqual(content.configuration);
    expect(opened.provenance).toEqual(content.provenance);
    for (const { name } of content.parameters)
      expect(await opened.moments(name)).toEqual(await content.moments(name));
    await opened.close();
  });

  it('asks for the moments of one parameter at a time, once each', async () => {
    const asked: string[] = [];
    await writeTrainingState(folder, {
      ...content,
      moments: (name) => {
        asked.push(name);
        return content.moments(name);
      },
    });
    expect(asked).toEqual(['a.weight', 'b']);
  });

  it('refuses numbers that JSON would silently lose', async () => {
    await expect(
      writeTrainingState(folder, { ...content, state: { best: { loss: Number.NaN } } }),
    ).rejects.toThrow('state.best.loss is NaN');
    await expect(writeTrainingState(folder, { ...content, state: [Infinity] })).rejects.toThrow(
      'state.0 is Infinity',
    );
  });

  it('of a newer version is not guessed at', async () => {
    await writeTrainingState(folder, content);
    await writeFile(join(folder, 'loam', 'state.json'), JSON.stringify({ version: 2, state: {} }));
    await expect(openTrainingState(folder)).rejects.toThrow('newer version of Loam');
  });

  it('that is cut off or missing is refused', async () => {
    await expect(openTrainingState(folder)).rejects.toThrow(LoamError);
    await writeTrainingState(folder, content);
    await truncate(join(folder, 'loam', 'optimizer.safetensors'), 200);
    await expect(openTrainingState(folder)).rejects.toThrow('optimizer.safetensors');
    await writeFile(join(folder, 'loam', 'state.json'), '{"version": 1, "sta');
    await expect(openTrainingState(folder)).rejects.toThrow('not valid JSON');
    await writeFile(join(folder, 'loam', 'state.json'), '[]');
    await expect(openTrainingState(folder)).rejects.toThrow('not the state of a training run');
  });
});
