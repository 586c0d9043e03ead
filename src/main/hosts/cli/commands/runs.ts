import { LoamError } from '../../../../shared/errors.ts';
import { findModelDeclaration } from '../../../../shared/models/registry.ts';
import { headlineOf, type Figure } from '../../../../shared/objectives/objective.ts';
import { declarationOf } from '../../../llm/objectives/registry.ts';
import { showEvaluatedRun, type EvaluatedRun } from '../evaluated-run.ts';
import { compareConfigurations } from '../../../studio/runs/run-details.ts';
import { deleteRun, listRuns, moveRun, runBytes } from '../../../studio/runs/runs.ts';
import type { Perform, Program } from '../command.ts';
import { confirm } from '../confirm.ts';
import { describeFigures, figuresAsJson, formatFigure, nameInText } from '../figures.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatParameters,
  formatTable,
  shellWord,
} from '../format.ts';

export function addRunCommands(program: Program, perform: Perform): void {
  const runs = program
    .command('runs')
    .summary('look at runs, compare, reorder and delete them')
    .description('What was trained, what trains, and what waits.');

  runs
    .command('list')
    .summary('list the runs, newest first')
    .action(() =>
      perform(async ({ terminal, project }) => {
        const list = await listRuns(project());
        const rows = list.map((run) => [
          run.name,
          run.status,
          `${formatCount(run.step)}${run.steps === undefined ? '' : ` of ${formatCount(run.steps)}`}`,
          formatLoss(run.loss),
          formatLoss(run.validationLoss),
          formatLoss(run.bestLoss),
          formatDuration(run.elapsedSeconds),
          run.dataset,
        ]);
        terminal.result(
          list,
          list.length === 0
            ? 'No runs yet. Begin one: loam train --dataset D --preset nano'
            : formatTable(['name', 'status', 'step', 'loss', 'validation', 'best', 'time', 'dataset'], rows),
        );
      }),
    );

  runs
    .command('show')
    .summary('show a run: losses, checkpoints, samples, configuration')
    .argument('<run>')
    .action((name) =>
      perform(async ({ terminal, project }) => {
        const details = await showEvaluatedRun(project(), name);
        terminal.result(runAsJson(details), describeRun(details));
      }),
    );

  runs
    .command('compare')
    .summary('compare runs: their results and the settings that differ')
    .argument('<run...>')
    .action((names) =>
      perform(async ({ terminal, project }) => {
        if (new Set(names).size < 2)
          throw new LoamError({
            kind: 'misuse',
            where: 'runs compare',
            what: 'It takes two runs or more to compare.',
            remedy: 'Name them, for example: loam runs compare nano-1 nano-2; `loam runs list` shows them.',
          });
        const compared = await Promise.all(names.map((name) => showEvaluatedRun(project(), name)));
        const differences = compareConfigurations(
          compared.map(({ configuration, dataset, tokenizer }) => ({
            dataset,
            tokenizerName: tokenizer,
            ...configuration,
          })),
        );
        const headlines = headlinesOf(compared);
        const results = formatTable(
          ['run', 'status', 'parameters', 'step', 'validation', 'best', ...headlines.map(nameInText), 'time'],
          compared.map((run) => [
            run.name,
            run.status,
            formatParameters(run.parameters),
            formatCount(run.step),
            formatLoss(run.validationLoss),
            formatLoss(run.bestLoss),
            ...headlines.map((figure) => formatFigure(figure, run.evaluations.at(-1)?.figures[figure.name])),
            formatDuration(run.elapsedSeconds),
          ]),
        );
        const settings = differences.map(({ path, values }) => [
          path,
          ...values.map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '–'))),
        ]);
        terminal.result(
          { runs: compared.map(runAsJson), differences },
          `${results}\n\n${settings.length === 0 ? 'All settings are the same.' : formatTable(['setting', ...names], settings)}`,
        );
      }),
    );

  runs
    .command('move')
    .summary('change the order of waiting runs')
    .argument('<run>')
    .option('--first', 'to the front of the queue')
    .option('--before <run>', 'before another waiting run')
    .addHelpText(
      'after',
      '\nExamples:\n  loam runs move nano-3 --first\n  loam runs move nano-3 --before nano-2',
    )
    .action((name, { first = false, before }) =>
      perform(({ terminal, project }) => {
        if (first === (before !== undefined))
          throw new LoamError({
            kind: 'misuse',
            where: 'runs move',
            what: 'Say where to: --first, or --before RUN.',
            remedy: `For example: loam runs move ${shellWord(name)} --first`,
          });
        const queue = moveRun(project(), name, before === undefined ? 'first' : { run: before });
        terminal.result({ queue }, `Waiting now, in this order: ${queue.join(', ')}.`);
      }),
    );

  runs
    .command('delete')
    .summary('delete a run with its checkpoints')
    .description(
      'Deletes a run: its checkpoints, losses and samples. It says first what that frees and asks; --yes answers beforehand.',
    )
    .argument('<run>')
    .option('--yes', 'do not ask')
    .action((name, { yes = false }) =>
      perform(async ({ terminal, project }) => {
        const bytes = await runBytes(project(), name);
        if (
          !yes &&
          !(await confirm(
            `Delete run ${name} with its checkpoints? That frees ${formatBytes(bytes)} and cannot be undone.`,
            `loam runs delete ${shellWord(name)} --yes`,
          ))
        ) {
          terminal.say('Nothing was deleted.');
          return;
        }
        const { freedBytes } = await deleteRun(project(), name);
        terminal.result({ name, freedBytes }, `Deleted run ${name}; ${formatBytes(freedBytes)} freed.`);
      }),
    );
}

/** A run for --json, with each figure of its evaluations under its own name. */
function runAsJson({ evaluations, requestedEvaluations, ...run }: EvaluatedRun) {
  return {
    ...run,
    evaluations: evaluations.map(({ figures, ...evaluation }) => ({ ...evaluation, ...figures })),
    requestedEvaluations: requestedEvaluations.map((evaluation) =>
      figuresAsJson(declarationOf(evaluation.objective), evaluation),
    ),
  };
}

/** The figures by which the runs' objectives compare models, each once, but for the loss, which stands there anyway. */
function headlinesOf(runs: readonly EvaluatedRun[]): readonly Figure[] {
  const figures = runs.map(({ configuration }) => headlineOf(declarationOf(configuration.objective)));
  return [...new Map(figures.map((figure) => [figure.name, figure])).values()].filter(
    ({ name }) => name !== 'loss',
  );
}

function describeRun(run: EvaluatedRun): string {
  const { configuration, provenance } = run;
  const { model, training, engine } = configuration;
  const declaration = findModelDeclaration(model.architecture);
  const objective = declarationOf(configuration.objective);
  const lastSample = run.samples.at(-1);
  return [
    `${run.name}: ${run.status}, step ${formatCount(run.step)}${run.steps === undefined ? '' : ` of ${formatCount(run.steps)}`}, trained for ${formatDuration(run.elapsedSeconds)}`,
    ...(run.error === undefined ? [] : [run.error]),
    `model: ${[declaration?.modelType(model) ?? model.architecture, `${formatParameters(run.parameters)} parameters`, ...(declaration?.sizes(model) ?? []), `context ${model.contextLength}`].join(', ')}`,
    `data: ${run.dataset} (${provenance.dataset.hash.slice(0, 12)}), tokenizer ${run.tokenizer} (${provenance.tokenizer.hash.slice(0, 12)})`,
    `training: batch ${training.batchSize}, rate ${training.learningRate} to ${training.minimumLearningRate} (${training.schedule}), seed ${training.seed}, ${engine.name} on ${engine.threads ?? 1} cores of ${provenance.hardware.processor}`,
    `loss ${formatLoss(run.loss)} · validation ${formatLoss(run.validationLoss)} · best ${formatLoss(run.bestLoss)}${run.bestStep === undefined ? '' : ` at step ${formatCount(run.bestStep)}`}`,
    '',
    ...(run.evaluations.length === 0
      ? []
      : [
          formatTable(
            ['step', 'validation loss', ...objective.figures.map(nameInText)],
            run.evaluations.map(({ step, loss, figures }) => [
              formatCount(step),
              formatLoss(loss),
              ...objective.figures.map((figure) => formatFigure(figure, figures[figure.name])),
            ]),
          ),
          '',
        ]),
    ...(run.checkpoints.length === 0
      ? ['No checkpoint yet.']
      : run.checkpoints.map(
          ({ step, folder, bytes, best }) =>
            `checkpoint ${run.name}@${step}${best ? ' (best)' : ''}: ${folder} (${formatBytes(bytes)})`,
        )),
    ...run.requestedEvaluations.map(
      ({ step, dataset, split, loss, figures, objective: measuredAt }) =>
        `evaluated ${run.name}@${step ?? '–'} on ${dataset} (${split}): ${describeFigures(declarationOf(measuredAt), { loss, values: figures })}`,
    ),
    ...(lastSample === undefined
      ? []
      : ['', `What it wrote at step ${formatCount(lastSample.step)}:`, lastSample.prompt + lastSample.text]),
  ].join('\n');
}
