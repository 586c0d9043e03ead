import { resolve } from 'node:path';
import {
  isFault,
  type Finding,
  type Repair,
  type Verification,
} from '../../../../shared/integrity/verification.ts';
import { digestFile } from '../../../llm/files/file-digest.ts';
import { acceptFindings } from '../../../studio/integrity/accept-findings.ts';
import { areaTitles } from '../../../studio/integrity/area-titles.ts';
import { repairProject } from '../../../studio/integrity/repair-project.ts';
import { recordVerification } from '../../../studio/integrity/verify-as-job.ts';
import { hasFaults, verifyProject, type VerifyProgress } from '../../../studio/integrity/verify-project.ts';
import { openProject } from '../../../studio/projects/projects.ts';
import type { CommandContext, Perform, Program } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatBytes, formatCount, formatDuration, plural } from '../format.ts';

export function addVerifyCommands(program: Program, perform: Perform): void {
  program
    .command('verify')
    .summary('read everything in a project and say what is damaged')
    .description(
      'Reads every file that a project keeps and every row of its store, and compares them with the hashes that were kept when they were written: what is damaged or missing, what is lost with it, what can be made again. Nothing is changed without --repair or --accept.',
    )
    .argument('[project]', 'the folder of the project (default: --project, or the nearest one)')
    .option(
      '--repair',
      'make again what can be made again: indexes, tokens, summaries of curves, lists of hashes',
    )
    .option('--accept', 'take rows of the store that have changed as right from now on, and losses as known')
    .addHelpText(
      'after',
      '\nExit codes: 0 all is what was written, 1 something is damaged, missing or lost.\nExamples:\n  loam verify\n  loam verify reports --repair\n  loam --json verify',
    )
    .action((folder, { repair = false, accept = false }) =>
      perform(async (context) => {
        const { terminal } = context;
        const interrupts = context.interrupts();
        const place = folder === undefined ? context.projectFolder : resolve(folder);
        const verify = (): Promise<Verification> =>
          verifyProject(place, { signal: interrupts.stop, onProgress: drawProgress(context) });
        let verification = await verify();
        terminal.clear();
        if (repair || accept) {
          const project = openProject(place);
          try {
            let repairs: readonly Repair[] = [];
            let accepted: readonly string[] = [];
            if (repair) {
              repairs = await repairProject(project, verification.findings, {
                signal: interrupts.stop,
                onRepair: ({ what }) => terminal.draw(`Making again: ${what}`),
              });
              for (const { what, outcome } of repairs) terminal.say(`${what}: ${outcome}`);
            }
            if (accept) {
              accepted = acceptFindings(project);
              for (const sentence of accepted) terminal.say(sentence);
            }
            verification = await verify();
            terminal.clear();
            // What the screen shows as the last look would be of before.
            recordVerification(project, verification, { repairs, accepted });
          } finally {
            project.close();
          }
        }
        terminal.result({ project: place, ...verification }, describe(verification));
        if (hasFaults(verification)) context.exitWith(exitCodes.failed);
      }),
    );

  program
    .command('checksum')
    .summary('print the SHA-256 of files')
    .description(
      'Prints the SHA-256 of files, as sha256sum does: to compare a checkpoint with a copy elsewhere.',
    )
    .argument('<file...>')
    .action((files) =>
      perform(async (context) => {
        const { terminal } = context;
        const interrupts = context.interrupts();
        for (const file of files) {
          const { sha256, bytes } = await digestFile(file, { signal: interrupts.stop });
          terminal.record({ file, sha256, bytes });
          terminal.stream(`${sha256}  ${file}\n`);
        }
      }),
    );
}

/** Redraws are as far apart as this, in milliseconds. */
const drawInterval = 100;

function drawProgress({ terminal }: CommandContext): (progress: VerifyProgress) => void {
  const begun = performance.now();
  let drawn = begun;
  return ({ area, bytes, totalBytes }) => {
    const now = performance.now();
    if (now - drawn < drawInterval) return;
    drawn = now;
    const seconds = (now - begun) / 1000;
    const left =
      seconds > 2 && bytes > 0 ? `, ${formatDuration((seconds * (totalBytes - bytes)) / bytes)} left` : '';
    terminal.draw(`Reading ${areaTitles[area]}: ${formatBytes(bytes)} of ${formatBytes(totalBytes)}${left}`);
  };
}

function describe({ files, bytes, rows, findings }: Verification): string {
  const faults = findings.filter(isFault);
  const unprotected = findings.filter((finding) => !isFault(finding));
  const read = `Read ${plural(files, 'file')} (${formatBytes(bytes)}) and ${formatCount(rows)} rows of the store.`;
  const repairable = findings.some(({ repair }) => repair !== undefined);
  return [
    read,
    faults.length === 0
      ? 'Everything that has a hash is what was written.'
      : `${plural(faults.length, 'finding')}:`,
    ...faults.map(line),
    ...(unprotected.length === 0 ? [] : ['Without hashes to compare with:', ...unprotected.map(line)]),
    ...(repairable ? ['loam verify --repair does what stands behind “can be mended”.'] : []),
    ...(faults.some(({ path }) => path === 'loam.sqlite')
      ? [
          'loam verify --accept takes the store’s rows as right; loam restore puts its newest backup in its place.',
        ]
      : []),
  ].join('\n');
}

function line({ status, what, path, detail, consequence, repair }: Finding): string {
  const mended = repair === undefined ? '' : `\n    can be mended: --repair ${repair.does}`;
  return `  ${status}  ${what}  (${path})\n    ${detail} ${consequence}${mended}`;
}
