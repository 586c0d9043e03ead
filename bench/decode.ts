import { join } from 'node:path';
import { withTemporaryFolder, type BenchContext, type Benchmark } from './harness/context.ts';
import { decodingModels } from './harness/decoding-models.ts';
import { figure, ratio } from './harness/presentation.ts';
import { median } from './harness/statistics.ts';

interface Side {
  readonly tokensPerSecond: number;
  readonly prefillMilliseconds: number;
  readonly ids: readonly number[];
  readonly peakBytes: number;
}

interface ModelSpeeds {
  readonly model: string;
  readonly promptTokens: number;
  readonly newTokens: number;
  readonly loam: readonly Side[];
  readonly transformers: readonly Side[];
}

interface DecodeData {
  readonly models: readonly ModelSpeeds[];
}

/** Writing token by token with a key-value cache, against transformers on the same checkpoint. */
export const decode: Benchmark<DecodeData> = {
  name: 'decode',
  summary: 'tokens a second when writing, and the time to read a prompt, against transformers',
  async run(context) {
    const models: ModelSpeeds[] = [];
    for (const model of Object.keys(decodingModels)) models.push(await measureModel(context, model));
    return { models };
  },
  present({ models }) {
    const speed = (side: readonly Side[]): number =>
      median(side.map(({ tokensPerSecond }) => tokensPerSecond));
    const prefill = (side: readonly Side[]): number =>
      median(side.map(({ prefillMilliseconds }) => prefillMilliseconds));
    const peak = (side: readonly Side[]): number => median(side.map(({ peakBytes }) => peakBytes / 1e6));
    return {
      title: 'Writing text',
      tables: models.map(({ model, promptTokens, newTokens, loam, transformers }) => ({
        caption: `${model}, float32, greedy, ${newTokens} tokens after a prompt of ${promptTokens}`,
        head: ['', 'Loam', 'transformers', 'Loam / transformers'],
        rows: [
          [
            'tokens/s (more is better)',
            figure(speed(loam)),
            figure(speed(transformers)),
            ratio(speed(loam) / speed(transformers)),
          ],
          [
            'reading the prompt, ms',
            figure(prefill(loam)),
            figure(prefill(transformers)),
            ratio(prefill(loam) / prefill(transformers)),
          ],
          ['peak MB', figure(peak(loam)), figure(peak(transformers)), ratio(peak(loam) / peak(transformers))],
          [
            'same tokens from the start',
            `${sameTokens(loam[0]?.ids ?? [], transformers[0]?.ids ?? [])} of ${newTokens}`,
            '',
            '',
          ],
        ],
      })),
      notes: [
        'One checkpoint with random weights, written by Loam and read by both. transformers: the faster of a plain loop over the model with its cache and of generate().',
      ],
    };
  },
};

/** How many tokens are the same before the first that differs. */
function sameTokens(one: readonly number[], other: readonly number[]): number {
  const difference = one.findIndex((id, index) => id !== other[index]);
  return difference < 0 ? one.length : difference;
}

async function measureModel({ options, loam, peer, say }: BenchContext, model: string): Promise<ModelSpeeds> {
  const promptTokens = 64;
  const newTokens = options.quick ? 16 : 128;
  return withTemporaryFolder(async (temporary) => {
    const folder = join(temporary, model);
    const { result } = await loam('decoding-checkpoint', { model, folder, promptTokens });
    const task = {
      folder,
      ...(result as { prompt: string; promptIds: readonly number[] }),
      newTokens,
      rounds: options.quick ? 1 : 3,
      threads: options.threads,
    };
    const sides = { loam: [] as Side[], transformers: [] as Side[] };
    for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
      say(`decode: ${model}, repetition ${repetition + 1} of ${options.repetitions}`);
      sides.loam.push((await loam('decode', task)).result as Side);
      sides.transformers.push((await peer('decode', task)).result as Side);
    }
    return { model, promptTokens, newTokens, ...sides };
  });
}
