import { spawn } from 'node:child_process';

/** How a measured process ended well: what it printed, and how long it lived. */
export interface ProcessResult {
  /** The JSON object on the last line of its output. */
  readonly result: unknown;
  /** From its start to its end, start-up and imports included. */
  readonly wallSeconds: number;
}

/** A measured process that failed, with the end of what it wrote to stderr. */
export class ProcessFailure extends Error {
  readonly lastLines: string;

  constructor(label: string, code: number | null, signal: string | null, lastLines: string) {
    super(`${label} ended with ${signal ?? `code ${code}`}.\n${lastLines}`);
    this.name = 'ProcessFailure';
    this.lastLines = lastLines;
  }
}

/**
 * Runs one measurement in a process of its own and waits for it: nothing that an earlier one left in memory or caches
 * of the process counts, and its peak memory is its own.
 * @throws ProcessFailure when it ends with an error or prints no result
 */
export async function runProcess(
  label: string,
  command: string,
  arguments_: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<ProcessResult> {
  const started = performance.now();
  const child = spawn(command, arguments_, { env: environment, stdio: ['ignore', 'pipe', 'pipe'], signal });
  const output: string[] = [];
  const problems: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => problems.push(text));
  const [code, deadly] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, deadly) => resolve([code, deadly]));
  });
  const wallSeconds = (performance.now() - started) / 1000;
  const lastLine = output.join('').trimEnd().split('\n').at(-1) ?? '';
  const lastProblems = problems.join('').trimEnd().split('\n').slice(-15).join('\n');
  if (code !== 0) throw new ProcessFailure(label, code, deadly, lastProblems);
  try {
    return { result: JSON.parse(lastLine) as unknown, wallSeconds };
  } catch {
    throw new ProcessFailure(label, code, deadly, `It printed no result.\n${lastProblems}`);
  }
}
