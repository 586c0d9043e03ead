import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultFigures } from './figures.ts';
import { parsers } from './parsers.ts';

/** What the process of a parser tells. */
export type ParserReport =
  | { readonly type: 'fault'; readonly parser: string; readonly index: number; readonly reason: string }
  | {
      readonly type: 'done';
      readonly parser: string;
      readonly refused: number;
      readonly memoryBytes: number;
    };

/** JavaScript's own memory of a parser's process, in MiB: what needs more of it is not bounded by its input. */
const heapMegabytes = 384;
/** All memory that a parser may come to, in bytes. */
const mostMemory = 768 * 2 ** 20;
/** One input takes milliseconds; after so many the parser hangs. */
const hangMilliseconds = 5000;
/** After so many faults a parser is given up. */
const mostFaults = 5;
/** Below so many mutations all parsers share a process: starting one takes longer than the mutations. */
const manyMutations = 1000;

interface Tally {
  read: number;
  refused: number;
  crashes: number;
  hangs: number;
  memoryBytes: number;
  readonly failures: string[];
}

/**
 * Gives every parser mutated files. Right is to read one or to refuse it by a sentence; wrong is any other error, a process
 * that ends, five seconds without an answer, and memory without bounds.
 * @param mutations for each parser.
 */
export async function hostileFiles(mutations: number, seed: number): Promise<readonly FaultFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'loam-hostile-'));
  const names = parsers.map(({ name }) => name);
  const groups = mutations >= manyMutations ? names.map((name) => [name]) : [names];
  const tallies = new Map<string, Tally>(
    names.map((name) => [name, { read: 0, refused: 0, crashes: 0, hangs: 0, memoryBytes: 0, failures: [] }]),
  );
  try {
    for (const group of groups) await feed(group, mutations, seed, join(folder, 'progress'), tallies);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return [...tallies].map(([what, { failures, memoryBytes, ...counts }]) => {
    const bounded = memoryBytes <= mostMemory;
    return {
      what,
      counts: {
        mutations,
        refused: counts.refused,
        crashes: counts.crashes,
        hangs: counts.hangs,
        ...(groups.length > 1 ? { MiB: Math.round(memoryBytes / 2 ** 20) } : {}),
      },
      failures: bounded
        ? failures
        : [...failures, `it came to ${Math.round(memoryBytes / 2 ** 20)} MiB (seed ${seed})`],
    };
  });
}

/** Feeds parsers in one process, and goes on in another where that one came to an end. */
async function feed(
  names: readonly string[],
  mutations: number,
  seed: number,
  progressFile: string,
  tallies: ReadonlyMap<string, Tally>,
): Promise<void> {
  let remaining = names;
  let from = 0;
  while (remaining.length > 0) {
    // In the middle of its mutations a parser goes on alone: the others begin at their first.
    const group = from > 0 ? remaining.slice(0, 1) : remaining;
    const end = await feedUntilEnd(group, [from, mutations], seed, progressFile, tallies);
    if (end === undefined) {
      remaining = remaining.slice(group.length);
      from = 0;
      continue;
    }
    const tally = tallies.get(end.parser);
    if (tally === undefined) throw new Error(`The process of the parsers does not start: ${end.reason}`);
    tally[end.kind] += 1;
    tally.failures.push(`${end.reason} at mutation ${end.index} (seed ${seed})`);
    const isDone = tally.failures.length >= mostFaults || end.index + 1 >= mutations;
    remaining = remaining.slice(remaining.indexOf(end.parser) + (isDone ? 1 : 0));
    from = isDone ? 0 : end.index + 1;
  }
}

interface UntimelyEnd {
  readonly kind: 'crashes' | 'hangs';
  readonly parser: string;
  readonly index: number;
  readonly reason: string;
}

function feedUntilEnd(
  names: readonly string[],
  [from, to]: readonly [number, number],
  seed: number,
  progressFile: string,
  tallies: ReadonlyMap<string, Tally>,
): Promise<UntimelyEnd | undefined> {
  // What the process before was at last is no hang of this one.
  rmSync(progressFile, { force: true });
  const child = fork(
    join(import.meta.dirname, 'hostile-parser.ts'),
    [JSON.stringify(names), String(seed), String(from), String(to), progressFile],
    { execArgv: [`--max-old-space-size=${heapMegabytes}`], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  child.on('message', (report: ParserReport) => {
    const tally = tallies.get(report.parser);
    if (tally === undefined) return;
    if (report.type === 'fault') {
      tally.crashes += 1;
      if (tally.failures.length < mostFaults)
        tally.failures.push(`${report.reason} at mutation ${report.index} (seed ${seed})`);
    } else {
      tally.refused += report.refused;
      tally.memoryBytes = Math.max(tally.memoryBytes, report.memoryBytes);
    }
  });
  let hangs = false;
  const watch = setInterval(() => {
    const { since } = readProgress(progressFile);
    if (since === undefined || Date.now() - since < hangMilliseconds) return;
    hangs = true;
    child.kill('SIGKILL');
  }, 250);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      if (code === 0) return resolve(undefined);
      const { parser, index } = readProgress(progressFile);
      resolve({
        kind: hangs ? 'hangs' : 'crashes',
        parser,
        index,
        reason: hangs
          ? `no answer within ${hangMilliseconds / 1000} s`
          : `the process ended by ${signal ?? `code ${code}`}: ${said.trim().split('\n').slice(-8).join(' | ')}`,
      });
    });
  });
}

function readProgress(file: string): {
  readonly parser: string;
  readonly index: number;
  readonly since: number | undefined;
} {
  try {
    const [parser = '', index, since] = readFileSync(file, 'utf8').split('\n');
    return { parser, index: Number(index), since: since === undefined ? undefined : Number(since) };
  } catch {
    return { parser: '', index: 0, since: undefined };
  }
}
