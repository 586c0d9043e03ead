import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { styleText } from 'node:util';
import type { Measurement } from '../../../../shared/evaluations/evaluation.ts';
import { declarationOf } from '../../../llm/objectives/registry.ts';
import { findCheckpoint, type FoundCheckpoint } from '../../../studio/checkpoints/find-checkpoint.ts';
import { importDataset, listDatasets, showDataset } from '../../../studio/datasets/datasets.ts';
import { evaluateCheckpoint } from '../../../studio/evaluations/evaluations.ts';
import { exportModel, type ExportResult } from '../../../studio/exports/exports.ts';
import { projectPaths } from '../../../studio/projects/paths.ts';
import { createProject, openProject, type Project } from '../../../studio/projects/projects.ts';
import { requirePreset, resolveConfiguration } from '../../../studio/training/resolve-configuration.ts';
import { listRuns } from '../../../studio/runs/runs.ts';
import { createRun } from '../../../studio/training/create-run.ts';
import { readSettings } from '../../../studio/settings/settings.ts';
import {
  listTokenizers,
  openTokenizer,
  trainProjectTokenizer,
} from '../../../studio/tokenizers/tokenizers.ts';
import { openTextGenerator } from '../../../studio/writing/text-generator.ts';
import type { CommandContext, Perform, Program } from '../command.ts';
import { describeFigures, figuresAsJson } from '../figures.ts';
import { formatBytes, formatCount, formatDuration, formatLoss, formatParameters, plural } from '../format.ts';
import type { Interrupts } from '../interrupts.ts';
import { parsePositiveWholeNumber } from '../option-values.ts';
import { showPreparation, trainVisibly } from './train.ts';
import { describeTokenizerProgress } from './tokenizers.ts';

const defaultFolder = 'loam-quickstart';
const dataset = 'service-desk';
const tokenizer = 'service-desk-words';
const run = 'first-model';
const preset = 'nano';

/** Beginnings that the sample records have, so that a small model knows how to go on. */
const prompts = ['The pump', 'Our technician'] as const;
const writtenTokens = 80;

export function addQuickstartCommand(program: Program, perform: Perform): void {
  program
    .command('quickstart')
    .summary('see everything work on sample data, in about three minutes')
    .description(
      'Makes a project with sample texts, learns a tokenizer, trains a small model, measures it, lets it write, and exports it. What was done before is not done again: an interrupted quickstart goes on where it was.',
    )
    .argument('[dir]', 'the project folder', defaultFolder)
    .option(
      '--steps <n>',
      'train so many steps instead of the preset’s: fewer are done sooner and learn less',
      parsePositiveWholeNumber,
    )
    .addHelpText('after', '\nExamples:\n  loam quickstart\n  loam quickstart playground')
    .action((folder, { steps }) => perform((context) => quickstart(context, resolve(folder), steps)));
}

/** The stages of the quickstart, as they are counted on the screen. */
const stages = [
  'Project',
  'Sample texts',
  'Tokenizer',
  'Training',
  'Evaluation',
  'Writing',
  'Export',
] as const;

async function quickstart(context: CommandContext, folder: string, steps: number | undefined): Promise<void> {
  const { terminal } = context;
  const started = performance.now();
  const interrupts = context.interrupts(
    'Stopping and saving … Run the quickstart again to go on from here. (Ctrl-C again stops at once)',
  );
  const begin = (stage: (typeof stages)[number], what: string): void =>
    terminal.say(
      `\n${styleText('bold', `${stages.indexOf(stage) + 1}/${stages.length} ${stage}`)} – ${what}`,
    );

  begin('Project', 'one folder that holds everything.');
  const isNew = !existsSync(projectPaths(folder).store);
  if (isNew) await createProject(folder);
  const project = openProject(folder);
  try {
    terminal.say(`${isNew ? 'Made' : 'Found'} ${folder}`);
    begin(
      'Sample texts',
      'records of an invented engineering firm’s service desk, written by Loam’s own generator.',
    );
    await provideSamples(context, project, interrupts);
    begin('Tokenizer', 'learns which pieces of words are frequent; the model reads and writes these.');
    await provideTokenizer(context, project, interrupts);
    begin(
      'Training',
      `a GPT from nothing, with the preset ${preset}. The loss is how surprised it is by each next piece: it should fall.`,
    );
    if (!(await provideRun({ ...context, project: () => project }, interrupts, steps))) return;
    const checkpoint = await findCheckpoint(project, run);
    begin('Evaluation', 'on text that was kept aside and never trained on.');
    const evaluation = await measure(context, project, checkpoint, interrupts);
    begin('Writing', 'from two beginnings.');
    const texts = await write(context, checkpoint, interrupts);
    begin('Export', 'as ONNX, for ONNX Runtime and transformers.js.');
    const exported = await exportCheckpoint(context, project, checkpoint);
    const seconds = (performance.now() - started) / 1000;
    terminal.result(
      {
        type: 'quickstart',
        project: folder,
        run,
        seconds,
        evaluation: figuresAsJson(declarationOf(evaluation.objective), evaluation),
        texts,
        exported,
      },
      nextSteps(folder, seconds),
    );
  } finally {
    project.close();
  }
}

async function provideSamples(
  { terminal }: CommandContext,
  project: Project,
  { stop }: Interrupts,
): Promise<void> {
  if (!listDatasets(project).some(({ name }) => name === dataset)) {
    const samples = join(project.folder, 'samples');
    const { writeSamples } = await import('../../../../../resources/samples/write.ts');
    const files = await writeSamples(samples);
    terminal.say(
      `Wrote ${plural(files.length, 'file')} to ${samples}: texts in documents/, and three tables for later.`,
    );
    await importDataset(project, {
      name: dataset,
      paths: [join(samples, 'documents')],
      signal: stop,
      onProgress: ({ file, done, total }) => terminal.draw(`${done} of ${total}: ${file}`),
    });
  }
  const { files, bytes } = showDataset(project, dataset);
  terminal.say(
    `Dataset ${dataset}: ${plural(files, 'file')}, ${formatBytes(bytes)}, copied into the project.`,
  );
}

async function provideTokenizer(
  { terminal }: CommandContext,
  project: Project,
  { stop }: Interrupts,
): Promise<void> {
  if (!listTokenizers(project).some(({ name }) => name === tokenizer)) {
    await trainProjectTokenizer(project, {
      name: tokenizer,
      dataset,
      configuration: resolveConfiguration([
        { origin: `preset ${preset}`, values: requirePreset(preset).configuration },
      ]).tokenizer,
      signal: stop,
      onProgress: (progress) => terminal.draw(describeTokenizerProgress(progress)),
    });
  }
  const opened = await openTokenizer(project, tokenizer);
  const pieces = [...opened.encode('The pump was inspected on Monday.')].map((id) => opened.tokenText(id));
  terminal.say(
    `Tokenizer ${tokenizer}: ${formatCount(opened.vocabularySize)} pieces, in ${project.paths.tokenizer(tokenizer)}\nIt cuts text like this: ${pieces.join('|')}`,
  );
}

/** @returns whether the run is complete, now or from before. */
async function provideRun(
  context: CommandContext,
  interrupts: Interrupts,
  steps: number | undefined,
): Promise<boolean> {
  const { terminal } = context;
  const project = context.project();
  const known = (await listRuns(project)).find(({ name }) => name === run);
  if (known?.status === 'completed') {
    terminal.say(
      `Run ${run} was trained before, for ${formatDuration(known.elapsedSeconds)}; its validation loss is ${formatLoss(known.validationLoss)}.`,
    );
    return true;
  }
  if (known === undefined) {
    const { freeCores } = await readSettings();
    const created = await createRun(project, {
      name: run,
      baseName: run,
      dataset,
      tokenizer,
      configuration: resolveConfiguration([
        { origin: 'the settings', values: { engine: { freeCores } } },
        { origin: `preset ${preset}`, values: requirePreset(preset).configuration },
        { origin: '--steps', values: steps === undefined ? {} : { training: { steps } } },
      ]),
      signal: interrupts.stop,
      onProgress: (progress) => showPreparation(terminal, progress),
    });
    terminal.say(`Run ${run}: ${formatParameters(created.parameters)} parameters.`);
  }
  const { run: ended, account, next } = await trainVisibly(context, run, interrupts);
  terminal.say(account);
  if (ended.status !== 'completed')
    terminal.say(ended.status === 'stopped' ? next : 'Go on by running the quickstart again.');
  return ended.status === 'completed';
}

async function measure(
  { terminal }: CommandContext,
  project: Project,
  checkpoint: FoundCheckpoint,
  { stop }: Interrupts,
): Promise<Measurement> {
  const evaluation = await evaluateCheckpoint(project, { checkpoint, dataset, signal: stop });
  const { loss, figures, predictions } = evaluation;
  const objective = declarationOf(evaluation.objective);
  const baseline = objective.baseline === undefined ? undefined : figures[objective.baseline.figure];
  terminal.say(
    [
      `Your model (${checkpoint.label}): ${describeFigures(objective, { loss, values: figures })}, over ${formatCount(predictions)} ${objective.predictions}.`,
      ...(objective.baseline === undefined || baseline === undefined
        ? []
        : [
            `To compare: ${objective.baseline.phrase} has a loss of ${formatLoss(baseline)} on the same text.`,
          ]),
    ].join('\n'),
  );
  return evaluation;
}

async function write(
  context: CommandContext,
  checkpoint: FoundCheckpoint,
  { stop }: Interrupts,
): Promise<readonly { readonly prompt: string; readonly text: string }[]> {
  const { terminal } = context;
  const generator = await openTextGenerator(checkpoint, { signal: stop });
  try {
    const texts = [];
    for (const [seed, prompt] of prompts.entries()) {
      const { text } = await generator.generate(
        { prompt, maximumTokens: writtenTokens, temperature: 0.7, topK: 40, seed },
        { signal: stop },
      );
      terminal.say(`${styleText('bold', prompt)}${text}\n`);
      texts.push({ prompt, text });
    }
    return texts;
  } finally {
    await generator.close();
  }
}

async function exportCheckpoint(
  { terminal }: CommandContext,
  project: Project,
  checkpoint: FoundCheckpoint,
): Promise<ExportResult> {
  const exported = await exportModel({
    model: checkpoint.folder,
    format: 'onnx',
    output: join(project.paths.exports, `${run}-onnx`),
    replace: true,
  });
  const { folder, bytes, comparison } = exported;
  terminal.say(
    `Exported to ${folder} (${formatBytes(bytes)}).${comparison === undefined ? '' : ` The file was run and compared with the checkpoint: logits differ by at most ${comparison.maximumDifference.toExponential(1)}.`}`,
  );
  return exported;
}

function nextSteps(folder: string, seconds: number): string {
  const here = relative(process.cwd(), folder) || '.';
  const loam = 'npm run loam --';
  return [
    '',
    `${styleText('bold', 'Done')} in ${formatDuration(seconds)}. Everything is in ${folder}; delete the folder to be rid of it.`,
    'Next, in this project:',
    `  ${loam} generate ${run} --project ${here} --prompt "The compressor" --temperature 0.5`,
    `  ${loam} runs show ${run} --project ${here}`,
    'or with your own text:',
    `  ${loam} init my-project`,
    `  ${loam} dataset import reports path/to/texts --project my-project`,
    `  ${loam} train --dataset reports --preset ${preset} --project my-project`,
  ].join('\n');
}
