import type { EngineName } from '../src/shared/engines/engine.ts';
import type { BenchContext, Benchmark } from './harness/context.ts';
import { benchModel, describeModel } from './harness/models.ts';
import { figure, ratio, type Presentation, type Table } from './harness/presentation.ts';
import { measured, median } from './harness/statistics.ts';
import type { TrainingProcess } from './training.ts';

/** A process that trained, and what it held when only the library was loaded. */
interface EngineProcess extends TrainingProcess {
  readonly loadedBytes: number;
}

/** Who trains: Loam's engines, and TensorFlow.js as most people would use it. */
const sides = [
  { name: 'Loam, TensorFlow', engine: 'tensorflow' },
  { name: 'TensorFlow.js by hand', engine: undefined },
  { name: 'Loam, ONNX Runtime', engine: 'onnxruntime' },
] as const satisfies readonly { readonly name: string; readonly engine: EngineName | undefined }[];
type Side = (typeof sides)[number];

export interface ModelTimes {
  readonly model: string;
  readonly sides: readonly { readonly name: Side['name']; readonly processes: readonly EngineProcess[] }[];
}

const timeTarget = 0.9;
const memoryTarget = 0.7;
/** Models whose memory is judged: that of nano is the library's own. */
const memoryModels: readonly string[] = ['shake', 'gpt2-124M'];

/** A training step on each engine, beside a loop in TensorFlow.js written by hand. */
export const engines: Benchmark<readonly ModelTimes[]> = {
  name: 'engines',
  summary:
    'a training step on TensorFlow and on ONNX Runtime, beside TensorFlow.js used by hand (needs the pack)',
  withoutPeers: true,
  async run(context) {
    const models: ModelTimes[] = [];
    for (const name of context.options.models) models.push(await measureModel(context, name));
    return models;
  },
  present,
};

export async function measureModel(context: BenchContext, model: string): Promise<ModelTimes> {
  const { options, say } = context;
  const processes = new Map<Side, EngineProcess[]>(sides.map((side) => [side, []]));
  const duration = options.quick
    ? { warmupSteps: 2, minimumSteps: 3, seconds: 1 }
    : { warmupSteps: 3, minimumSteps: 8, seconds: 8 };
  for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
    for (const side of repetition % 2 === 0 ? sides : sides.toReversed()) {
      say(`engines: ${model}, repetition ${repetition + 1} of ${options.repetitions}: ${side.name}`);
      const task = { model, threads: options.threads, ...duration };
      const { result } = await (side.engine === undefined
        ? context.loam('tensorflow-loop', task)
        : context.loam('training', { ...task, engine: side.engine }));
      processes.get(side)!.push(result as EngineProcess);
    }
  }
  return { model, sides: sides.map((side) => ({ name: side.name, processes: processes.get(side)! })) };
}

const timeOf = (processes: readonly EngineProcess[]): number =>
  median(processes.map(({ milliseconds }) => milliseconds));
const memoryOf = (processes: readonly EngineProcess[]): number =>
  median(processes.map(({ peakBytes, loadedBytes }) => peakBytes - loadedBytes));

function present(models: readonly ModelTimes[]): Presentation {
  const judged = models.map(({ model, sides: of }) => {
    const [loam, hand] = of;
    const time = timeOf(loam!.processes) / timeOf(hand!.processes);
    const memory = memoryOf(loam!.processes) / memoryOf(hand!.processes);
    return [
      model,
      ratio(time),
      `≤ ${timeTarget.toFixed(2)}×`,
      time <= timeTarget ? 'met' : 'missed',
      ratio(memory),
      memoryModels.includes(model) ? `≤ ${memoryTarget.toFixed(2)}×` : '–',
      memoryModels.includes(model) ? (memory <= memoryTarget ? 'met' : 'missed') : '',
    ];
  });
  return {
    title: 'Engines',
    tables: [
      {
        caption: 'Targets: Loam’s TensorFlow engine against TensorFlow.js by hand',
        head: ['model', 'time', 'target', 'verdict', 'peak memory', 'target', 'verdict'],
        rows: judged,
      },
      ...models.map(modelTable),
    ],
    notes: [
      'A step is everything from drawing the batch to the updated parameters. Medians of the medians of fresh processes, which took turns in alternating order; in brackets the lowest and highest of them.',
      'By hand: the same GPT with tf.variableGrads and tf.train.adam over the whole batch, on the same libraries and threads (bench/loam/tensorflow-loop.ts); it neither clips nor decays. Loam: its own training loop, with the micro-batch that each process’s calibration chose.',
      'Peak memory: maximum resident set of the process less what it held when only the library was loaded, for Loam with its calibration’s trials.',
    ],
  };
}

export function modelTable({ model: name, sides: of }: ModelTimes): Table {
  const model = benchModel(name);
  const tokens = model.batchSize * model.shape.contextLength;
  return {
    caption: describeModel(model),
    head: ['', 'ms a step', 'tokens/s', 'peak MB above the library', 'micro-batch'],
    rows: of.map(({ name: side, processes }) => {
      const { median: time, lowest, highest } = measured(processes.map(({ milliseconds }) => milliseconds));
      const choices = [...new Set(processes.flatMap(({ calibration }) => calibration?.microBatchSize ?? []))];
      return [
        side,
        `${figure(time)} (${figure(lowest)}–${figure(highest)})`,
        figure((1000 * tokens) / time),
        figure(memoryOf(processes) / 1e6),
        choices.length === 0 ? String(model.batchSize) : choices.join(', '),
      ];
    }),
  };
}
