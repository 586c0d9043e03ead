import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from './context.ts';
import type { Machine } from './machine.ts';

/** What a run of a benchmark leaves in `bench/results/<name>.json`. */
export interface ResultFile {
  readonly format: typeof format;
  readonly benchmark: string;
  readonly measuredAt: string;
  readonly minutes: number;
  readonly machine: Machine;
  /** Share of the cores that other programs took meanwhile, where the system tells. */
  readonly otherWork: number | undefined;
  readonly options: BenchOptions;
  readonly data: unknown;
}

/** Raised when what benchmarks store changes, so that older files are not misread. */
const format = 1;

const folder = join(import.meta.dirname, '..', 'results');

/** Writes a result over the one of the run before. @returns the file's path */
export function writeResult(result: Omit<ResultFile, 'format'>): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${result.benchmark}.json`);
  writeFileSync(file, `${JSON.stringify({ format, ...result }, undefined, 2)}\n`);
  return file;
}

/** The newest result of every benchmark that was run here. */
export function readResults(): readonly ResultFile[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ResultFile)
    .filter((result) => result.format === format);
}
