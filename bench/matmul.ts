import type { BenchContext, Benchmark } from './harness/context.ts';
import { figure, ratio, type Presentation } from './harness/presentation.ts';
import { measured, type Measured } from './harness/statistics.ts';

/** How fast both sides multiply large float32 matrices: what a training step is held against. */
export interface MatrixRates {
  /** GFLOP/s by size of the square matrices; the fastest run of each process, the median over processes. */
  readonly loam: Readonly<Record<string, Measured>>;
  readonly torch: Readonly<Record<string, Measured>>;
}

const sizes = [512, 1024, 2048];

interface Rates {
  readonly rates: Readonly<Record<string, number>>;
}

/** Measures both sides in turn, in fresh processes. */
export async function measureMatrixRates(context: BenchContext): Promise<MatrixRates> {
  const { threads, repetitions, quick } = context.options;
  const parameters = { threads, sizes, seconds: quick ? 0.3 : 2 };
  const loam: Rates[] = [];
  const torch: Rates[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    context.say(`matmul: repetition ${repetition + 1} of ${repetitions}`);
    loam.push((await context.loam('matmul', parameters)).result as Rates);
    torch.push((await context.peer('matmul', parameters)).result as Rates);
  }
  const bySize = (side: readonly Rates[]) =>
    Object.fromEntries(
      sizes.map((size) => [
        String(size),
        measured(side.map(({ rates }) => rates[String(size)] ?? Number.NaN)),
      ]),
    );
  return { loam: bySize(loam), torch: bySize(torch) };
}

/** The rate at the best of the sizes, in GFLOP/s. */
export function bestRate(side: Readonly<Record<string, Measured>>): number {
  return Math.max(...Object.values(side).map(({ median }) => median));
}

export const matmul: Benchmark<MatrixRates> = {
  name: 'matmul',
  summary: 'large float32 matrix products: ONNX Runtime’s Gemm and torch.mm, GFLOP/s',
  run: (context) => context.matrixRates(),
  present: presentMatrixRates,
};

export function presentMatrixRates({ loam, torch }: MatrixRates): Presentation {
  return {
    title: 'Matrix products',
    tables: [
      {
        caption: 'float32 matrix products, GFLOP/s (more is better)',
        head: ['n × n times n × n', 'Loam (ONNX Runtime Gemm)', 'PyTorch (torch.mm)', 'Loam / PyTorch'],
        rows: sizes.map((size) => {
          const [ours, theirs] = [
            loam[String(size)]?.median ?? Number.NaN,
            torch[String(size)]?.median ?? Number.NaN,
          ];
          return [`n = ${size}`, figure(ours), figure(theirs), ratio(ours / theirs)];
        }),
      },
    ],
    notes: ['2·n³ operations over the fastest run of a process; medians over processes, in turn.'],
  };
}
