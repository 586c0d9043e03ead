import type { Benchmark } from './harness/context.ts';
import { figure, ratio, verdict } from './harness/presentation.ts';
import { measured, type Measured } from './harness/statistics.ts';

interface Side {
  readonly parameters: number;
  readonly normMilliseconds: number;
  readonly updateMilliseconds: number;
}

interface SideTimes {
  readonly parameters: number;
  readonly norm: Measured;
  readonly update: Measured;
}

interface OptimizerData {
  readonly loam: SideTimes;
  readonly torch: SideTimes;
}

/** Most that the update may take, as a multiple of PyTorch's. */
const target = 2;

/** AdamW at 124 million parameters against PyTorch's fused one. */
export const optimizer: Benchmark<OptimizerData> = {
  name: 'optimizer',
  summary: 'the AdamW update and the gradient norm at 124 million parameters',
  async run({ options, loam, peer, say }) {
    const parameters = { threads: options.threads, steps: options.quick ? 4 : 20 };
    const sides: { loam: Side[]; torch: Side[] } = { loam: [], torch: [] };
    for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
      say(`optimizer: repetition ${repetition + 1} of ${options.repetitions}`);
      sides.loam.push((await loam('optimizer', parameters)).result as Side);
      sides.torch.push((await peer('optimizer', parameters)).result as Side);
    }
    const times = (side: readonly Side[]): SideTimes => ({
      parameters: side[0]?.parameters ?? 0,
      norm: measured(side.map(({ normMilliseconds }) => normMilliseconds)),
      update: measured(side.map(({ updateMilliseconds }) => updateMilliseconds)),
    });
    return { loam: times(sides.loam), torch: times(sides.torch) };
  },
  present({ loam, torch }) {
    const row = (name: string, ours: Measured, theirs: Measured, judged: string): readonly string[] => [
      name,
      figure(ours.median),
      figure(theirs.median),
      ratio(ours.median / theirs.median),
      judged,
    ];
    return {
      title: 'Optimizer',
      tables: [
        {
          caption: `${(loam.parameters / 1e6).toFixed(1)} million parameters, milliseconds (less is better)`,
          head: ['', 'Loam', 'PyTorch', 'Loam / PyTorch', `target ≤ ${target}×`],
          rows: [
            row(
              'AdamW update',
              loam.update,
              torch.update,
              verdict(loam.update.median / torch.update.median, target),
            ),
            row('global gradient norm, PyTorch’s with scaling', loam.norm, torch.norm, ''),
          ],
        },
      ],
      notes: [
        'PyTorch: torch.optim.AdamW(fused=True) and clip_grad_norm_, which also scales the gradients; Loam applies the scale within its update.',
      ],
    };
  },
};
