import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { onnxRuntimeVersion } from '../src/main/llm/engines/onnxruntime/version.ts';
import { LoamError } from '../src/shared/errors.ts';
import { nearestWord } from '../src/shared/nearest-word.ts';
import { benchmarks, type AnyBenchmark } from './benchmarks.ts';
import { createContext, type BenchContext, type BenchOptions } from './harness/context.ts';
import { describeMachine } from './harness/machine.ts';
import { benchModels } from './harness/models.ts';
import { asText } from './harness/presentation.ts';
import { watchOtherWork } from './harness/other-work.ts';
import { findPython } from './harness/python.ts';
import { writeResult } from './harness/results.ts';
import { measureMatrixRates } from './matmul.ts';
import { describe, describeOtherWork, writeReport } from './report.ts';

/** All but the profile, which compares nothing, and what needs the TensorFlow engine. */
const usual = benchmarks.filter(({ name }) => !['profile', 'engines', 'gpu'].includes(name));

const help = `Compares Loam with PyTorch, tokenizers and transformers on this machine, and measures its pages.

npm run bench -- [NAME…] [OPTIONS]      the benchmarks named, or all but engines, gpu and profile
npm run bench -- report                 writes what was measured into bench/RESULTS.md

${benchmarks.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`).join('\n')}

  --threads N        threads on both sides (default: all cores)
  --repetitions N    fresh processes of each measurement (default: 3)
  --models A,B       of ${benchModels.map(({ name }) => name).join(', ')} (default: all)
  --text FILE        text for tokenizer and shakespeare, may be repeated (default: those of ../shared/data)
  --quick            few and short measurements: does it work?

The first time, Python packages for the peers go into bench/.venv; LOAM_BENCH_PYTHON names a Python that has them.
Results go to bench/results/NAME.json. Other work on the machine disturbs the figures.`;

interface Request {
  readonly chosen: readonly AnyBenchmark[];
  readonly report: boolean;
  readonly options: BenchOptions;
}

/** @throws LoamError when an option or a name is wrong */
function readRequest(arguments_: readonly string[]): Request | 'help' {
  const { values, positionals } = parse(arguments_);
  if (values.help === true) return 'help';
  const names = positionals.filter((name) => name !== 'report');
  const quick = values.quick === true;
  return {
    chosen:
      names.length > 0
        ? names.map((name) => find(name, benchmarks, 'benchmark'))
        : positionals.includes('report')
          ? []
          : usual,
    report: positionals.includes('report'),
    options: {
      threads: wholeNumber('--threads', values.threads) ?? availableParallelism(),
      repetitions: wholeNumber('--repetitions', values.repetitions) ?? (quick ? 1 : 3),
      quick,
      models: (values.models?.split(',') ?? benchModels.map(({ name }) => name)).map(
        (name) => find(name, benchModels, 'model').name,
      ),
      texts: values.text ?? [],
    },
  };
}

function parse(arguments_: readonly string[]) {
  try {
    return parseArgs({
      args: [...arguments_],
      allowPositionals: true,
      options: {
        threads: { type: 'string' },
        repetitions: { type: 'string' },
        models: { type: 'string' },
        text: { type: 'string', multiple: true },
        quick: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new LoamError({
      kind: 'misuse',
      what: error instanceof Error ? error.message : String(error),
      remedy: 'npm run bench -- --help lists what there is.',
    });
  }
}

function find<Named extends { readonly name: string }>(
  name: string,
  among: readonly Named[],
  kind: string,
): Named {
  const found = among.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const names = among.map((candidate) => candidate.name);
  const near = nearestWord(name, names);
  throw new LoamError({
    kind: 'misuse',
    what: `There is no ${kind} '${name}'.`,
    remedy: near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${near}?`,
  });
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new LoamError({
    kind: 'misuse',
    what: `${option} is '${text}'.`,
    remedy: 'Give a whole number from 1.',
  });
}

async function runBenchmarks({ chosen, options }: Request, context: BenchContext): Promise<void> {
  const versions = chosen.some(({ withoutPeers }) => withoutPeers !== true)
    ? ((await context.peer('versions', {})).result as Readonly<Record<string, string>>)
    : {};
  const machine = describeMachine({ onnxruntime: onnxRuntimeVersion, ...versions });
  process.stdout.write(`${describe(machine)}\n`);
  for (const benchmark of chosen) {
    const begin = performance.now();
    const measuredAt = new Date().toISOString();
    const otherWork = watchOtherWork();
    const data = await benchmark.run(context);
    const othersTook = otherWork();
    const file = writeResult({
      benchmark: benchmark.name,
      measuredAt,
      minutes: (performance.now() - begin) / 60_000,
      machine,
      otherWork: othersTook,
      options,
      data,
    });
    process.stdout.write(`\n${asText(benchmark.present(data))}\n\n·${describeOtherWork(othersTook)}\n\n`);
    context.say(`Written: ${file}`);
  }
}

async function main(): Promise<void> {
  const request = readRequest(process.argv.slice(2));
  if (request === 'help') {
    process.stdout.write(`${help}\n`);
    return;
  }
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  let python: string | undefined;
  if (request.chosen.length > 0) {
    const context = createContext({
      options: request.options,
      python: () => (python ??= findPython(say)),
      signal: interrupt.signal,
      say,
      measureMatrixRates,
    });
    await runBenchmarks(request, context);
  }
  if (request.report) {
    const { file, shown } = await writeReport();
    say(`${file} now shows ${shown.join(', ')}.`);
  }
}

main().catch((error: unknown) => {
  if (error instanceof Error && error.name === 'AbortError') {
    process.exitCode = 130;
    return;
  }
  process.stderr.write(
    `${error instanceof LoamError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = error instanceof LoamError && error.kind === 'misuse' ? 2 : 1;
});
