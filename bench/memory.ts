import { countParameters } from '../src/main/llm/models/registry.ts';
import type { Benchmark, BenchContext } from './harness/context.ts';
import { benchModel, describeModel, type BenchModel } from './harness/models.ts';
import { figure, ratio, verdict, type Table } from './harness/presentation.ts';
import { median } from './harness/statistics.ts';
import { trainLoam, trainPeer, type Duration, type TrainingProcess } from './training.ts';

interface MemoryRow {
  readonly side: 'loam' | 'torch';
  readonly label: string;
  readonly processes: readonly TrainingProcess[];
}

interface ModelMemory {
  readonly model: string;
  readonly rows: readonly MemoryRow[];
}

interface MemoryData {
  readonly models: readonly ModelMemory[];
}

/** Most peak memory of the process, as a share of PyTorch's in fp32. */
const targets: Readonly<Record<string, number>> = { shake: 0.5, 'gpt2-124M': 0.75 };

/** A few steps: the peak is reached in the first ones. */
const duration: Duration = { warmupSteps: 1, minimumSteps: 3, seconds: 1 };

const freshRun = 'Loam, fresh run (calibrates)';
const resumedRun = 'Loam, recorded calibration';
/** Layers that learn where the others are frozen. */
const trainedLayers = 2;
const frozenRun = `Loam, recorded calibration, ${trainedLayers} layers learn`;
const wholeBatch = 'PyTorch fp32, whole batch';

/** Peak memory of whole processes that train. */
export const memory: Benchmark<MemoryData> = {
  name: 'memory',
  summary: 'peak memory of processes that train nano, shake and gpt2-124M',
  async run(context) {
    const models: ModelMemory[] = [];
    for (const name of context.options.models) models.push(await measureModel(context, benchModel(name)));
    return { models };
  },
  present({ models }) {
    return {
      title: 'Memory of training',
      tables: models.map(modelTable),
      notes: [
        'Maximum resident set of the process from its start to its last training step, interpreter and libraries included; the median of fresh processes that took turns. A fresh run’s calibration tries larger micro-batches than the one it chooses.',
        'With the recorded calibration, as a resumed run has it, the trials are left out. PyTorch with Loam’s micro-batch accumulates gradients as Loam does. Times are of a few steps only.',
      ],
    };
  },
};

async function measureModel(context: BenchContext, model: BenchModel): Promise<ModelMemory> {
  const { repetitions } = context.options;
  const rows = new Map<string, { side: MemoryRow['side']; processes: TrainingProcess[] }>();
  const measure = async (side: MemoryRow['side'], label: string, run: () => Promise<TrainingProcess>) => {
    context.say(`memory: ${model.name}: ${label}`);
    const process = await run();
    const row = rows.get(label) ?? { side, processes: [] };
    row.processes.push(process);
    rows.set(label, row);
    return process;
  };
  const eager = { bf16: false, compile: false };
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const { calibration } = await measure('loam', freshRun, () => trainLoam(context, model, duration));
    if (calibration === undefined) throw new Error('A fresh run told no calibration.');
    await measure('torch', wholeBatch, () => trainPeer(context, model, duration, eager));
    await measure('loam', resumedRun, () => trainLoam(context, model, duration, { calibration }));
    await measure('torch', 'PyTorch fp32, Loam’s micro-batch', () =>
      trainPeer(context, model, duration, { ...eager, microBatchSize: calibration.microBatchSize }),
    );
    await measure('loam', 'Loam, recorded calibration, gradient checkpointing', () =>
      trainLoam(context, model, duration, { calibration, gradientCheckpointing: true }),
    );
    await measure('loam', frozenRun, () =>
      trainLoam(context, model, duration, { calibration, trainedLayers }),
    );
    await measure('torch', 'PyTorch bf16, whole batch', () =>
      trainPeer(context, model, duration, { ...eager, bf16: true }),
    );
  }
  return { model: model.name, rows: [...rows].map(([label, row]) => ({ label, ...row })) };
}

function modelTable({ model: name, rows }: ModelMemory): Table {
  const peak = (processes: readonly TrainingProcess[]): number =>
    median(processes.map(({ peakBytes }) => peakBytes / 1e6));
  const reference = peak(rows.find(({ label }) => label === wholeBatch)?.processes ?? []);
  const target = targets[name];
  const model = benchModel(name);
  const state = 16 * countParameters(model.shape);
  return {
    caption: `${describeModel(model)}; parameters, gradients and two moments in float32 alone: ${figure(state / 1e6)} MB`,
    head: [
      '',
      'peak MB',
      'of PyTorch fp32',
      'ms a step',
      target === undefined ? 'target' : `target ≤ ${target.toFixed(2)}×`,
    ],
    rows: rows.map(({ label, processes }) => [
      label,
      figure(peak(processes)),
      ratio(peak(processes) / reference),
      figure(median(processes.map(({ milliseconds }) => milliseconds))),
      target === undefined || (label !== freshRun && label !== resumedRun)
        ? ''
        : verdict(peak(processes) / reference, target),
    ]),
  };
}
