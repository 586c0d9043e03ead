import { Option } from '@commander-js/extra-typings';
import { evaluationSplits, type Familiarity } from '../../../../shared/evaluations/evaluation.ts';
import { evaluateCheckpoint } from '../../../studio/evaluations/evaluations.ts';
import { exportFormats } from '../../../../shared/exports/export.ts';
import { exportModel } from '../../../studio/exports/exports.ts';
import type { ObjectiveDeclaration } from '../../../../shared/objectives/objective.ts';
import { declarationOf, declaredObjectives } from '../../../llm/objectives/registry.ts';
import type { Perform, Program } from '../command.ts';
import { engineOption } from '../engine-option.ts';
import { describeFigures, figuresAsJson } from '../figures.ts';
import { parsePositiveWholeNumber } from '../option-values.ts';
import { describeVerdict } from '../verdict.ts';
import { judgeModel, usualQuestions } from '../../../studio/evaluations/verdicts.ts';
import { formatBytes, formatCount, formatLoss } from '../format.ts';
import { requireCheckpoint } from './writing.ts';

export function addModelCommands(program: Program, perform: Perform): void {
  program
    .command('evaluate')
    .summary('measure a checkpoint on a dataset')
    .description(
      'Measures a checkpoint on a dataset: its loss in nats, and the other figures of what it learnt by. On the dataset it was trained on, the part kept aside is measured; of any other dataset, all, and it is said when the model was trained on some of it.',
    )
    .argument('<checkpoint>')
    .requiredOption('--dataset <name>', 'the dataset to measure on')
    .addOption(new Option('--split <part>', 'which part to measure').choices(evaluationSplits))
    .addOption(
      new Option(
        '--objective <name>',
        'what to measure (default: what the model learned by, or the first that it can do)',
      ).choices(declaredObjectives().map(({ name }) => name)),
    )
    .option(
      '--against [model]',
      'hold it against another model, on records kept aside: the loss of the answers, and what both answer (default: what its run began with)',
    )
    .option(
      '--questions <n>',
      `with --against: how many questions both answer (default: ${usualQuestions})`,
      parsePositiveWholeNumber,
    )
    .addOption(engineOption())
    .addHelpText(
      'after',
      '\nExamples:\n  loam evaluate tuned-1 --dataset qa --against\n  loam evaluate nano-1 --dataset reports\n  loam evaluate nano-1@500 --dataset tickets --split all\n  loam evaluate smollm2 --dataset qa --objective answers --split validation',
    )
    .action((reference, { dataset, split, objective: measured, engine, against, questions }) =>
      perform(async (context) => {
        const { terminal } = context;
        const { stop } = context.interrupts();
        const project = context.project();
        const checkpoint = await requireCheckpoint(context, reference);
        if (against !== undefined) {
          const verdict = await judgeModel(project, {
            checkpoint,
            dataset,
            signal: stop,
            onNotice: (notice) => terminal.say(notice),
            onProgress: ({ tokens }) => terminal.draw(`Turning text into tokens: ${formatCount(tokens)}`),
            onJudged: ({ stage, done, total }) =>
              terminal.draw(
                `${stage === 'loss' ? 'Measuring the answers' : 'Asking both models'}: ${Math.round((100 * done) / total)} %`,
              ),
            ...(against === true ? {} : { against }),
            ...(questions === undefined ? {} : { questions }),
            ...(engine === undefined ? {} : { engine }),
          });
          terminal.result(verdict, describeVerdict(verdict));
          return;
        }
        const evaluation = await evaluateCheckpoint(project, {
          checkpoint,
          dataset,
          signal: stop,
          onNotice: (notice) => terminal.say(notice),
          onProgress: ({ tokens }) => terminal.draw(`Turning text into tokens: ${formatCount(tokens)}`),
          ...(split === undefined ? {} : { split }),
          ...(measured === undefined ? {} : { objective: measured }),
          ...(engine === undefined ? {} : { engine }),
        });
        const { loss, figures, predictions, familiarity } = evaluation;
        const objective = declarationOf(evaluation.objective);
        terminal.result(
          figuresAsJson(objective, evaluation),
          `${checkpoint.label} on ${dataset} (${describeSplit(evaluation.split)}, ${formatCount(predictions)} ${objective.predictions}): ${describeFigures(objective, { loss, values: figures })}${describeBaseline(objective, figures)}\n${describeFamiliarity(familiarity)}`,
        );
      }),
    );

  program
    .command('export')
    .summary('write a model for other programs')
    .description(
      'Writes a checkpoint into a folder. onnx: for ONNX Runtime, Optimum and transformers.js; the written file is run and compared with the checkpoint before it counts. safetensors: an ordinary Hugging Face folder without the training state.',
    )
    .argument('<checkpoint>')
    .addOption(new Option('--format <format>', 'the form').choices(exportFormats).makeOptionMandatory())
    .requiredOption('--out <dir>', 'the folder to make')
    .option('--replace', 'replace an earlier export in that folder')
    .addHelpText(
      'after',
      '\nExamples:\n  loam export nano-1 --format onnx --out exports/nano-1\n  loam export nano-1@500 --format safetensors --out exports/nano-1-500',
    )
    .action((reference, { format, out, replace = false }) =>
      perform(async (context) => {
        const { terminal } = context;
        const checkpoint = await requireCheckpoint(context, reference);
        const exported = await exportModel({
          model: checkpoint.folder,
          format,
          output: out,
          replace,
          onProgress: ({ phase, share }) =>
            terminal.draw(
              phase === 'writing'
                ? `Writing: ${Math.round(share * 100)} %`
                : 'Comparing with the checkpoint …',
            ),
        });
        for (const note of exported.notes) terminal.say(note);
        const compared =
          exported.comparison === undefined
            ? ''
            : `\nRun and compared with the checkpoint: logits differ by at most ${exported.comparison.maximumDifference.toExponential(1)} (largest logit ${exported.comparison.largestLogit.toFixed(1)}).`;
        terminal.result(
          { checkpoint: checkpoint.label, ...exported },
          `Exported ${checkpoint.label} to ${exported.folder} (${formatBytes(exported.bytes)}): ${exported.files.join(', ')}.${compared}`,
        );
      }),
    );
}

/** What the objective's baseline scores on the same, where it was measured. */
function describeBaseline(
  { baseline }: ObjectiveDeclaration,
  figures: Readonly<Record<string, number>>,
): string {
  const loss = baseline === undefined ? undefined : figures[baseline.figure];
  return baseline === undefined || loss === undefined
    ? ''
    : `\nTo compare: ${baseline.phrase} has a loss of ${formatLoss(loss)} on the same.`;
}

function describeFamiliarity(familiarity: Familiarity): string {
  switch (familiarity) {
    case 'keptAside':
      return 'Measured on the validation part: text of the training data that the model was not trained on.';
    case 'trainedOn':
      return 'Measured on text that the model was trained on: it does worse on any other.';
    case 'partlyTrainedOn':
      return 'Measured on text that the model was partly trained on: it does worse on text that is new to it. Import the new files as a dataset of their own to measure them alone.';
    case 'new':
      return 'Measured on files that the model was not trained on.';
    case 'unknown':
      return 'The model’s folder does not say what it was trained on: it may know this text.';
    default:
      return familiarity satisfies never;
  }
}

function describeSplit(split: (typeof evaluationSplits)[number]): string {
  switch (split) {
    case 'validation':
      return 'the part kept aside';
    case 'train':
      return 'the part trained on';
    case 'all':
      return 'all of it';
    default:
      return split satisfies never;
  }
}
