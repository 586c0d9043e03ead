import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { LoamError } from '../src/shared/errors.ts';
import { benchmarks } from './benchmarks.ts';
import type { Machine } from './harness/machine.ts';
import { asMarkdown, percent } from './harness/presentation.ts';
import { readResults, type ResultFile } from './harness/results.ts';

const reportFile = join(import.meta.dirname, 'RESULTS.md');
const begin = '<!-- measured: written by "npm run bench -- report", not by hand -->';
const end = '<!-- end of what was measured -->';

/**
 * Writes what was measured into RESULTS.md, between its two marks; what people wrote around them stays.
 * @returns the file and the benchmarks that it now shows
 * @throws LoamError when nothing was measured yet or the marks are gone
 */
export async function writeReport(): Promise<{ file: string; shown: readonly string[] }> {
  const results = readResults();
  if (results.length === 0) {
    throw new LoamError({
      kind: 'misuse',
      what: 'Nothing was measured here yet.',
      remedy: 'Run npm run bench first.',
    });
  }
  const text = replaceBetweenMarks(readFileSync(reportFile, 'utf8'), reportOf(results));
  const style = await resolveConfig(reportFile);
  writeFileSync(reportFile, await format(text, { ...style, filepath: reportFile }));
  return { file: reportFile, shown: inOrder(results).map(({ benchmark }) => benchmark) };
}

/** @throws LoamError when a mark is missing */
export function replaceBetweenMarks(text: string, measured: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) {
    throw new LoamError({
      kind: 'input',
      what: 'The marks between which the figures go are missing.',
      where: reportFile,
      remedy: `Put back the lines ${begin} and ${end}.`,
    });
  }
  return `${text.slice(0, from + begin.length)}\n\n${measured}\n\n${text.slice(to)}`;
}

function inOrder(results: readonly ResultFile[]): readonly ResultFile[] {
  return benchmarks.flatMap(({ name }) => results.filter(({ benchmark }) => benchmark === name));
}

/** The sections of all results, each with where and when it was measured. */
export function reportOf(results: readonly ResultFile[]): string {
  return inOrder(results)
    .map((result) => {
      const benchmark = benchmarks.find(({ name }) => name === result.benchmark);
      const presentation = benchmark?.present(result.data);
      return presentation === undefined ? '' : `${asMarkdown(presentation)}\n\n${provenance(result)}`;
    })
    .join('\n\n');
}

function provenance({ measuredAt, minutes, machine, otherWork, options }: ResultFile): string {
  const how = options.quick ? 'a quick trial, no measurement' : `${options.repetitions} repetitions`;
  return `<sub>${measuredAt.slice(0, 16).replace('T', ' ')} UTC, ${minutes.toFixed(1)} minutes, ${how}, ${options.threads} threads.${describeOtherWork(otherWork)} ${describe(machine)}</sub>`;
}

/** How much else was going on: what decides how far to trust the figures. */
export function describeOtherWork(share: number | undefined): string {
  if (share === undefined) return '';
  const warning = share > 0.05 ? ', which disturbs the figures' : '';
  return ` Other programs took ${percent(share)} of the cores meanwhile${warning}.`;
}

/** A machine in one paragraph. */
export function describe({ processor, extensions, cores, memoryBytes, system, versions }: Machine): string {
  const listed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${processor}; ${extensions.join(', ') || 'extensions unknown'}; ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB, ${system}; ${listed.join(', ')}.`;
}
