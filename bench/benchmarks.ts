import { decode } from './decode.ts';
import { engines } from './engines.ts';
import { gpu } from './gpu.ts';
import type { Benchmark } from './harness/context.ts';
import { interfaceBenchmark } from './interface.ts';
import { matmul } from './matmul.ts';
import { memory } from './memory.ts';
import { optimizer } from './optimizer.ts';
import { profile } from './profile.ts';
import { shakespeare } from './shakespeare.ts';
import { tokenizer } from './tokenizer.ts';
import { training } from './training.ts';

/** A benchmark whose data nobody else needs to know: what it measured is shown by itself. */
export type AnyBenchmark = Benchmark<unknown>;

/** Every benchmark, in the order in which they run. */
export const benchmarks: readonly AnyBenchmark[] = [
  matmul,
  training,
  engines,
  memory,
  optimizer,
  tokenizer,
  decode,
  shakespeare,
  interfaceBenchmark,
  gpu,
  profile,
] as readonly AnyBenchmark[];
