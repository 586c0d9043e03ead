import { styleText } from 'node:util';
import { engineTitles } from '../../../shared/engines/engine.ts';
import type { ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';
import type { StepMetrics } from '../../../shared/runs/events.ts';
import { declarationOf } from '../../llm/objectives/registry.ts';
import type { TrainingReport } from '../../studio/training/training-protocol.ts';
import { describeFigures, figuresAsJson } from './figures.ts';
import { formatBytes, formatCount, formatDuration, formatLoss, formatRate, plural } from './format.ts';
import type { Terminal } from './terminal.ts';

/** Shows a run as it trains: a bar where lines can be redrawn, else a line now and then. */
export interface TrainingView {
  show(report: TrainingReport): void;
  finish(): void;
}

const redrawMilliseconds = 100;
const plainLineMilliseconds = 10_000;

/** @param clock milliseconds, monotonic. */
export function createTrainingView(
  terminal: Terminal,
  clock: () => number = () => performance.now(),
): TrainingView {
  let objective: ObjectiveDeclaration | undefined;
  let steps: number | undefined;
  let validationLoss: number | undefined;
  let lastLine = -Infinity;
  let lastWords: string | undefined;

  const showStep = (metrics: StepMetrics): void => {
    const { step } = metrics;
    const due = clock() - lastLine >= (terminal.redraws ? redrawMilliseconds : plainLineMilliseconds);
    if (!due && step !== steps) return;
    lastLine = clock();
    if (terminal.redraws) terminal.draw(progressBar(metrics, steps, validationLoss, terminal.columns()));
    else terminal.say(describeStep(metrics, steps, validationLoss));
  };

  const showWords = (report: Exclude<TrainingReport, { type: 'step' }>): void => {
    const words = describe(report, objective);
    // The queue reports each of its changes; many of them change nothing for a run that waits.
    if (words !== undefined && words !== lastWords) terminal.say(words);
    lastWords = words;
  };

  return {
    show: (report) => {
      if (report.type === 'started') objective = declarationOf(report.objective);
      terminal.record(
        report.type === 'evaluated' && objective !== undefined
          ? { ...report, metrics: figuresAsJson(objective, report.metrics) }
          : report,
      );
      if (report.type === 'calibrated') steps = report.calibration.steps;
      if (report.type === 'replanned') steps = report.steps;
      if (report.type === 'started') steps = report.steps;
      if (report.type === 'evaluated') validationLoss = report.metrics.loss;
      if (report.type === 'step') showStep(report.metrics);
      else showWords(report);
    },
    finish: () => terminal.clear(),
  };
}

function describeStep(
  metrics: StepMetrics,
  steps: number | undefined,
  validationLoss: number | undefined,
): string {
  const { step, loss, learningRate, tokensPerSecond, memoryBytes, remainingSeconds } = metrics;
  return [
    `step ${formatCount(step)}${steps === undefined ? '' : ` of ${formatCount(steps)}`}`,
    `loss ${formatLoss(loss)}`,
    ...(validationLoss === undefined ? [] : [`validation ${formatLoss(validationLoss)}`]),
    `rate ${formatRate(learningRate)}`,
    `${formatCount(tokensPerSecond)} tokens/s`,
    formatBytes(memoryBytes),
    `${formatDuration(remainingSeconds)} left`,
  ].join(' · ');
}

/** The same as a bar, cut to the terminal's width so that it stays one line. */
export function progressBar(
  metrics: StepMetrics,
  steps: number | undefined,
  validationLoss: number | undefined,
  columns: number,
): string {
  const words = describeStep(metrics, steps, validationLoss);
  const room = Math.min(24, columns - words.length - 2);
  if (room < 4) return words.slice(0, columns - 1);
  const done = steps === undefined ? 0 : Math.round((room * Math.min(metrics.step, steps)) / steps);
  return `${styleText('green', '━'.repeat(done))}${styleText('dim', '─'.repeat(room - done))} ${words}`;
}

function describe(
  report: Exclude<TrainingReport, { type: 'step' }>,
  objective: ObjectiveDeclaration | undefined,
): string | undefined {
  switch (report.type) {
    case 'waiting':
      return `Waiting for ${report.for}${report.ahead > 1 ? ` and ${report.ahead - 1} more before this one` : ''} (\`loam runs move\` changes the order).`;
    case 'started':
      return `Training in process ${report.process} on ${report.threads} ${report.threads === 1 ? 'core' : 'cores'}, with ${engineTitles[report.engine]}.`;
    case 'calibrated': {
      const { steps, secondsPerStep, microBatchSize, memoryBytes } = report.calibration;
      return `Measured: ${(secondsPerStep * 1000).toFixed(secondsPerStep < 0.01 ? 1 : 0)} ms a step (${plural(microBatchSize, 'sequence')} at once), ${formatBytes(memoryBytes)}; ${formatCount(steps)} steps take about ${formatDuration(steps * secondsPerStep)}.`;
    }
    case 'replanned': {
      const pace = report.steps < report.from ? 'slower' : 'faster';
      return `step ${formatCount(report.step)} · The machine is ${pace} than measured: ${formatCount(report.steps)} steps instead of ${formatCount(report.from)} fit into ${formatDuration(report.minutes * 60)}.`;
    }
    case 'resumed':
      return `Going on from step ${formatCount(report.step)}.`;
    case 'evaluated': {
      // A run says first that it has started, and what it learns by.
      if (objective === undefined) return undefined;
      const { step, loss, figures, predictions, complete } = report.metrics;
      return `step ${formatCount(step)} · validation ${describeFigures(objective, { loss, values: figures })} · over ${complete ? 'all ' : ''}${formatCount(predictions)} ${objective.predictions}`;
    }
    case 'sample':
      return styleText(
        'dim',
        `sample › ${(report.prompt + report.text).replaceAll('\n', '⏎ ').slice(0, 300)}`,
      );
    case 'checkpoint':
      return `step ${formatCount(report.step)} · checkpoint saved (${formatBytes(report.bytes)}${report.best ? ', the best so far' : ''})`;
    case 'checkpointRemoved':
      return undefined;
    case 'rolledBack':
      return `step ${formatCount(report.step)} · went back to step ${formatCount(report.toStep)}: ${report.reason}`;
    case 'notice':
      return `step ${formatCount(report.step)} · ${report.message}`;
    default:
      return report satisfies never;
  }
}
