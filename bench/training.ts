import type { Calibration } from '../src/shared/runs/events.ts';
import type { BenchContext, Benchmark } from './harness/context.ts';
import { trainingStepFlops } from './harness/flops.ts';
import { benchModel, describeModel, type BenchModel } from './harness/models.ts';
import { figure, percent, ratio, type Presentation, type Table } from './harness/presentation.ts';
import { ProcessFailure } from './harness/processes.ts';
import { measured, median, type Measured } from './harness/statistics.ts';
import { bestRate, presentMatrixRates, type MatrixRates } from './matmul.ts';

/** PyTorch's ways to do the same step. */
const peerVariants = [
  { name: 'PyTorch fp32', bf16: false, compile: false },
  { name: 'PyTorch fp32, compiled', bf16: false, compile: true },
  { name: 'PyTorch bf16', bf16: true, compile: false },
  { name: 'PyTorch bf16, compiled', bf16: true, compile: true },
] as const;
type PeerVariant = (typeof peerVariants)[number];

/** What a process that trained has to tell. */
export interface TrainingProcess {
  /** The median step of the process. */
  readonly milliseconds: number;
  readonly shortestMilliseconds: number;
  readonly steps: number;
  readonly peakBytes: number;
  /** Loam's own. */
  readonly calibration?: Calibration;
}

interface ModelTimes {
  readonly model: string;
  readonly loam: readonly TrainingProcess[];
  readonly peers: readonly {
    readonly name: string;
    readonly bf16: boolean;
    readonly processes: readonly TrainingProcess[];
    /** Why there are none. */
    readonly failure?: string;
  }[];
}

interface TrainingData {
  readonly rates: MatrixRates;
  readonly models: readonly ModelTimes[];
}

/** Most time of a step, as a share of PyTorch's fp32 at its best. */
const timeTargets: Readonly<Record<string, number>> = { nano: 0.8, shake: 0.95, 'gpt2-124M': 0.9 };
/** Where the processor's matrix rate forbids that: the least share of the rate that a step must reach. */
const rateTarget = 0.85;

/** Full training steps, optimizer included. */
export const training: Benchmark<TrainingData> = {
  name: 'training',
  summary: 'a full training step of nano, shake and gpt2-124M, and the peak memory of its process',
  async run(context) {
    const rates = await context.matrixRates();
    const models: ModelTimes[] = [];
    for (const name of context.options.models) models.push(await measureModel(context, benchModel(name)));
    return { rates, models };
  },
  present,
};

/**
 * Repeats every side in fresh processes, in alternating order. The first time PyTorch does it in all ways; then only the
 * faster of eager and compiled is repeated in each precision.
 */
async function measureModel(context: BenchContext, model: BenchModel): Promise<ModelTimes> {
  const { options, say } = context;
  const loam: TrainingProcess[] = [];
  const processes = new Map<PeerVariant, TrainingProcess[]>(peerVariants.map((variant) => [variant, []]));
  const failures = new Map<PeerVariant, string>();

  const runLoam = async (): Promise<void> => {
    loam.push(await trainLoam(context, model, timingDuration(options)));
  };
  const runPeer = async (variant: PeerVariant): Promise<void> => {
    try {
      processes.get(variant)?.push(await trainPeer(context, model, timingDuration(options), variant));
    } catch (error) {
      if (!(error instanceof ProcessFailure) || !variant.compile) throw error; // eager must work
      failures.set(variant, error.lastLines);
      say(`${variant.name} does not work here: ${error.lastLines.split('\n').at(-1) ?? ''}`);
    }
  };
  for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
    const taken =
      repetition === 0
        ? peerVariants
        : [false, true].flatMap((bf16) =>
            fastest(
              peerVariants.filter((variant) => variant.bf16 === bf16),
              processes,
            ),
          );
    const order = [undefined, ...taken];
    for (const variant of repetition % 2 === 0 ? order : order.reverse()) {
      say(
        `training: ${model.name}, repetition ${repetition + 1} of ${options.repetitions}: ${variant?.name ?? 'Loam'}`,
      );
      await (variant === undefined ? runLoam() : runPeer(variant));
    }
  }
  return {
    model: model.name,
    loam,
    peers: peerVariants.map((variant) => {
      const failure = failures.get(variant);
      return {
        name: variant.name,
        bf16: variant.bf16,
        processes: processes.get(variant) ?? [],
        ...(failure === undefined ? {} : { failure }),
      };
    }),
  };
}

function fastest(
  variants: readonly PeerVariant[],
  processes: ReadonlyMap<PeerVariant, readonly TrainingProcess[]>,
): readonly PeerVariant[] {
  const time = (variant: PeerVariant): number =>
    median((processes.get(variant) ?? []).map(({ milliseconds }) => milliseconds));
  const measuredOnes = variants.filter((variant) => Number.isFinite(time(variant)));
  return measuredOnes.toSorted((one, other) => time(one) - time(other)).slice(0, 1);
}

/** How long a process measures: it ends after so many steps and not before so many seconds. */
export interface Duration {
  readonly warmupSteps: number;
  readonly minimumSteps: number;
  readonly seconds: number;
}

function timingDuration({ quick }: BenchContext['options']): Duration {
  return quick
    ? { warmupSteps: 2, minimumSteps: 3, seconds: 1 }
    : { warmupSteps: 3, minimumSteps: 8, seconds: 8 };
}

/** Trains with Loam in a fresh process: calibrates first, unless it is given a calibration. */
export async function trainLoam(
  context: BenchContext,
  { name }: BenchModel,
  duration: Duration,
  more: {
    readonly calibration?: Calibration;
    readonly gradientCheckpointing?: boolean;
    readonly trainedLayers?: number;
  } = {},
): Promise<TrainingProcess> {
  const { threads } = context.options;
  return (await context.loam('training', { model: name, threads, ...duration, ...more }))
    .result as TrainingProcess;
}

/** Trains with PyTorch in a fresh process. */
export async function trainPeer(
  context: BenchContext,
  { shape, batchSize }: BenchModel,
  duration: Duration,
  variant: { readonly bf16: boolean; readonly compile: boolean; readonly microBatchSize?: number },
): Promise<TrainingProcess> {
  const { threads } = context.options;
  return (await context.peer('training', { shape, batchSize, threads, ...duration, ...variant }))
    .result as TrainingProcess;
}

const milliseconds = (processes: readonly TrainingProcess[]): Measured =>
  measured(processes.map((process) => process.milliseconds));

function present({ rates, models }: TrainingData): Presentation {
  const rate = { loam: bestRate(rates.loam), torch: bestRate(rates.torch) };
  const judged = models.map((times) => judge(times, rate.loam));
  const targets: Table = {
    caption: 'Targets: the step’s time against PyTorch fp32 at its best',
    head: ['model', 'Loam / PyTorch', 'target', 'share of the matrix rate', 'verdict'],
    rows: judged.map(({ model, share, target, rateShare, verdict }) => [
      model,
      ratio(share),
      `≤ ${target.toFixed(2)}×`,
      percent(rateShare),
      verdict,
    ]),
  };
  return {
    title: 'Training step',
    tables: [targets, ...models.map((times) => modelTable(times, rate)), ...presentMatrixRates(rates).tables],
    notes: [
      'A step is everything from drawing the batch to the updated parameters: forward, backward, global-norm clipping, AdamW. Medians of the medians of fresh processes, which took turns in alternating order; in brackets the lowest and highest of them.',
      'Loam: its own training loop (src/main/llm/training), with the micro-batch that each process’s own calibration chose. PyTorch: a plain loop in the manner of nanoGPT over the whole batch, with fused AdamW.',
      'GFLOP/s: 6·N + 12·L·T·D operations a token (PaLM, appendix B), N being the weights in matrix products, L layers, T tokens in a sequence, D the width; the masked half of the attention is counted. The share is of the side’s own best large matrix product.',
      'Peak memory: maximum resident set of the process, for Loam with its calibration’s trials.',
      ...models.flatMap(({ peers }) =>
        peers.flatMap(({ name, failure }) =>
          failure === undefined ? [] : [`${name} did not work here: ${failure.split('\n').at(-1) ?? ''}`],
        ),
      ),
    ],
  };
}

/** Loam against PyTorch's best in fp32. */
function judge(
  { model, loam, peers }: ModelTimes,
  rate: number,
): { model: string; share: number; target: number; rateShare: number; verdict: string } {
  const ours = milliseconds(loam).median;
  const theirs = Math.min(
    ...peers
      .filter(({ bf16, processes }) => !bf16 && processes.length > 0)
      .map(({ processes }) => milliseconds(processes).median),
  );
  const target = timeTargets[model] ?? Number.NaN;
  const { shape, batchSize } = benchModel(model);
  const fewest = trainingStepFlops(shape, batchSize * shape.contextLength) / rate / 1e6; // ms at the full matrix rate
  const rateShare = fewest / ours;
  const forbidden = fewest > target * theirs;
  const verdict =
    ours / theirs <= target
      ? 'met'
      : forbidden && rateShare >= rateTarget
        ? `met by the share: at ${percent(1)} of the rate the step would still take ${ratio(fewest / theirs)}`
        : `missed${forbidden ? ` (at the full matrix rate it would be ${ratio(fewest / theirs)}; then a share of ${percent(rateTarget)} is asked)` : ''}`;
  return { model, share: ours / theirs, target, rateShare, verdict };
}

function modelTable(
  { model: name, loam, peers }: ModelTimes,
  rate: { readonly loam: number; readonly torch: number },
): Table {
  const model = benchModel(name);
  const tokens = model.batchSize * model.shape.contextLength;
  const flops = trainingStepFlops(model.shape, tokens);
  const ours = milliseconds(loam).median;
  const row = (label: string, processes: readonly TrainingProcess[], peak: number): readonly string[] => {
    const { median: time, lowest, highest } = milliseconds(processes);
    const speed = flops / time / 1e6;
    return [
      label,
      `${figure(time)} (${figure(lowest)}–${figure(highest)})`,
      figure((1000 * tokens) / time),
      label.startsWith('Loam') ? '' : ratio(ours / time),
      figure(speed),
      percent(speed / peak),
      figure(median(processes.map(({ peakBytes }) => peakBytes / 1e6))),
    ];
  };
  const choices = [...new Set(loam.map(({ calibration }) => calibration?.microBatchSize))].join(', ');
  return {
    caption: describeModel(model),
    head: ['', 'ms a step', 'tokens/s', 'Loam / this', 'GFLOP/s', 'of the matrix rate', 'peak MB'],
    rows: [
      row(`Loam, micro-batch ${choices}`, loam, rate.loam),
      ...peers
        .filter(({ processes }) => processes.length > 0)
        .map(({ name, processes }) => row(name, processes, rate.torch)),
    ],
  };
}
