import { basename } from 'node:path';
import type { Benchmark } from './harness/context.ts';
import { figure, ratio, verdict } from './harness/presentation.ts';
import { ProcessFailure } from './harness/processes.ts';
import { median } from './harness/statistics.ts';
import { findTexts } from './harness/texts.ts';

interface Run {
  readonly validationLoss: number;
  readonly validationTokens: number;
  /** From reading the text to the model trained, evaluated and saved; start-up and imports are not in it. */
  readonly seconds: number;
  readonly trainingSeconds: number;
  readonly parameters: number;
  readonly peakBytes: number;
  readonly microBatchSize?: number;
  /** The process's whole life. */
  readonly wallSeconds: number;
}

interface ShakespeareData {
  readonly text: string;
  readonly steps: number;
  readonly loam: readonly Run[];
  readonly torch: readonly Run[];
  readonly torchCompiled: readonly Run[];
}

const timeTarget = 0.8;
const lossTarget = 1.9;

/** The usual character-level run, whole. */
export const shakespeare: Benchmark<ShakespeareData> = {
  name: 'shakespeare',
  summary: 'the whole character-level run of 2000 steps: validation loss and wall time',
  async run({ options, loam, peer, say }) {
    const [text = ''] = findTexts(options.texts, ['tinyshakespeare.txt']);
    const task = { text, threads: options.threads, steps: options.quick ? 50 : 2000 };
    // A whole run is long, and an average by itself: three of them at most.
    const repetitions = Math.min(options.repetitions, 3);
    const runs = { loam: [] as Run[], torch: [] as Run[], torchCompiled: [] as Run[] };
    const measure = async (side: keyof typeof runs): Promise<void> => {
      say(`shakespeare: ${side}`);
      const { result, wallSeconds } =
        side === 'loam'
          ? await loam('shakespeare', task)
          : await peer('shakespeare', { ...task, compile: side === 'torchCompiled' });
      runs[side].push({ ...(result as Omit<Run, 'wallSeconds'>), wallSeconds });
    };
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const order: readonly ('loam' | 'torch')[] =
        repetition % 2 === 0 ? ['loam', 'torch'] : ['torch', 'loam'];
      for (const side of order) await measure(side);
    }
    try {
      await measure('torchCompiled');
    } catch (error) {
      if (!(error instanceof ProcessFailure)) throw error;
      say(`torch.compile does not work here: ${error.lastLines.split('\n').at(-1) ?? ''}`);
    }
    return { text: basename(text), steps: task.steps, ...runs };
  },
  present({ text, steps, loam, torch, torchCompiled }) {
    const seconds = (runs: readonly Run[], key: 'seconds' | 'wallSeconds'): number =>
      median(runs.map((run) => run[key]));
    const loss = (runs: readonly Run[]): number => median(runs.map(({ validationLoss }) => validationLoss));
    const best = Math.min(
      ...[torch, torchCompiled].filter(({ length }) => length > 0).map((runs) => seconds(runs, 'seconds')),
    );
    const row = (name: string, runs: readonly Run[]): readonly string[] => [
      name,
      loss(runs).toFixed(4),
      figure(seconds(runs, 'seconds')),
      figure(seconds(runs, 'wallSeconds')),
      figure(median(runs.map(({ peakBytes }) => peakBytes / 1e6))),
    ];
    const share = seconds(loam, 'seconds') / best;
    return {
      title: 'Character-level run',
      tables: [
        {
          caption: `${text}: ${steps} steps of 12 × 64 characters, width 128, 4 layers, 4 heads`,
          head: ['', 'validation loss', 'seconds', 'seconds with start-up', 'peak MB'],
          rows: [
            row('Loam', loam),
            row('PyTorch fp32', torch),
            ...(torchCompiled.length > 0 ? [row('PyTorch fp32, compiled', torchCompiled)] : []),
          ],
        },
        {
          caption: 'Targets',
          head: ['', 'measured', 'target', 'verdict'],
          rows: [
            [
              'wall time against PyTorch at its best',
              ratio(share),
              `≤ ${timeTarget.toFixed(2)}×`,
              verdict(share, timeTarget),
            ],
            [
              'validation loss',
              loss(loam).toFixed(4),
              `≤ ${lossTarget.toFixed(2)}`,
              verdict(loss(loam), lossTarget),
            ],
          ],
        },
      ],
      notes: [
        `Both read the text, train, evaluate about 100,000 characters of the validation split every 250 steps and save a checkpoint there, and in the end evaluate the whole split (the last tenth of the text, ${loam[0]?.validationTokens.toLocaleString('en') ?? '–'} predictions). Loam besides calibrates itself and writes samples, as its preset has it.`,
        'Seconds count from reading the text to the end; with start-up, from starting the process (node, python and their imports) to its end.',
      ],
    };
  },
};
