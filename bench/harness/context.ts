import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Presentation } from './presentation.ts';
import { runProcess, type ProcessResult } from './processes.ts';
import type { MatrixRates } from '../matmul.ts';

/** What the command line asks for. */
export interface BenchOptions {
  readonly threads: number;
  /** How often each measurement is repeated, in fresh processes. */
  readonly repetitions: number;
  /** Few and short measurements: whether everything works, not how fast. */
  readonly quick: boolean;
  readonly models: readonly string[];
  /** Text files for the benchmarks that read text; empty: those of ../shared/data that are there. */
  readonly texts: readonly string[];
}

/** What a benchmark measures with. */
export interface BenchContext {
  readonly options: BenchOptions;
  readonly signal: AbortSignal;
  /** Tells what is being done. */
  readonly say: (line: string) => void;
  /** Runs `bench/loam/<script>.ts` in a fresh process of this Node. */
  readonly loam: (script: string, parameters: object) => Promise<ProcessResult>;
  /** Runs `bench/peers/<script>.py` in a fresh process of Python. */
  readonly peer: (
    script: string,
    parameters: object,
    environment?: NodeJS.ProcessEnv,
  ) => Promise<ProcessResult>;
  /** The large matrix products' rates, measured once for each run of the command. */
  readonly matrixRates: () => Promise<MatrixRates>;
}

/** One benchmark: it measures, and it shows what was measured, now or later from the file. */
export interface Benchmark<Data> {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Measures Loam alone, so that no Python is needed. */
  readonly withoutPeers?: true;
  run(context: BenchContext): Promise<Data>;
  present(data: Data): Presentation;
}

const bench = join(import.meta.dirname, '..');

export interface ContextOptions {
  readonly options: BenchOptions;
  readonly python: () => string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly measureMatrixRates: (context: BenchContext) => Promise<MatrixRates>;
}

export function createContext({
  options,
  python,
  signal,
  say,
  measureMatrixRates,
}: ContextOptions): BenchContext {
  let rates: Promise<MatrixRates> | undefined;
  const context: BenchContext = {
    options,
    signal,
    say,
    loam: (script, parameters) =>
      runProcess(
        `loam/${script}.ts`,
        process.execPath,
        [
          '--disable-warning=ExperimentalWarning',
          join(bench, 'loam', `${script}.ts`),
          JSON.stringify(parameters),
        ],
        { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
        signal,
      ),
    peer: (script, parameters, environment = {}) =>
      runProcess(
        `peers/${script}.py`,
        python(),
        [join(bench, 'peers', `${script}.py`), JSON.stringify(parameters)],
        { ...peerEnvironment(options.threads), ...environment },
        signal,
      ),
    matrixRates: () => (rates ??= measureMatrixRates(context)),
  };
  return context;
}

/**
 * The peers' environment: as many threads as Loam has, no connection, and none of the settings of matrix libraries that
 * a machine may carry, which would slow them down or speed them up.
 */
function peerEnvironment(threads: number): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(OPENBLAS|MKL|OMP|KMP|GOTO)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    OMP_NUM_THREADS: String(threads),
    HF_HUB_OFFLINE: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

/** Runs `body` with a temporary folder that is removed afterwards. */
export async function withTemporaryFolder<Result>(
  body: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-bench-'));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
