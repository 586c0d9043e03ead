import { Worker } from 'node:worker_threads';
import { kernelModule } from '../../kernels/kernel-module.ts';
import type { AdamWStep } from '../engine.ts';
import {
  controlWords,
  kernelNumbers,
  kernelWorkerSource,
  type KernelChunk,
  type KernelWork,
} from './kernel-worker.ts';

/**
 * Threads that run the kernels over the memories of a parameter set, while the event loop goes on. The work is cut
 * into fixed chunks and each chunk's result has its place, so that nothing depends on how many threads there are or
 * which of them took what.
 */
export class KernelPool {
  readonly #work: KernelWork;
  readonly #workers: readonly Worker[];
  #failure: Error | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(memories: readonly WebAssembly.Memory[], chunks: readonly KernelChunk[], threads: number) {
    this.#work = {
      module: kernelModule(),
      memories,
      chunks,
      control: new Int32Array(new SharedArrayBuffer(4 * Object.keys(controlWords).length)),
      scalars: new Float64Array(new SharedArrayBuffer(8 * 8)),
      results: new Float64Array(new SharedArrayBuffer(8 * chunks.length)),
    };
    this.#workers = Array.from({ length: threads }, () => this.#startWorker());
  }

  /** Updates the chunks' parameters and moments from their gradients. */
  adamW(update: AdamWStep): Promise<void> {
    return this.#run(kernelNumbers.adamW, () => this.#work.scalars.set(adamWScalars(update)));
  }

  /** Σ x² over each chunk's gradients, added in the chunks' order. */
  async gradientSquares(): Promise<number> {
    await this.#run(kernelNumbers.gradientSquares);
    return this.#work.results.reduce((sum, squares) => sum + squares, 0);
  }

  /** Writes zeros over the chunks' gradients. */
  zeroGradients(): Promise<void> {
    return this.#run(kernelNumbers.zeroGradients);
  }

  /** Ends the threads after what they are at. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#turn;
    const { control } = this.#work;
    Atomics.store(control, controlWords.kernel, kernelNumbers.stop);
    Atomics.add(control, controlWords.job, 1);
    Atomics.notify(control, controlWords.job);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** Runs one kernel over all chunks, after the jobs before it. */
  #run(kernel: number, prepare: () => void = () => undefined): Promise<void> {
    if (this.#disposed) return Promise.reject(new Error('The parameter set was already disposed of.'));
    const job = this.#turn.then(() => {
      prepare();
      return this.#runNow(kernel);
    });
    this.#turn = job.catch(() => undefined);
    return job;
  }

  async #runNow(kernel: number): Promise<void> {
    const { control } = this.#work;
    this.#requireWhole();
    Atomics.store(control, controlWords.kernel, kernel);
    Atomics.store(control, controlWords.next, 0);
    Atomics.store(control, controlWords.busy, this.#workers.length);
    // Waiting for shared memory does not keep a process alive; threads that are referenced do.
    for (const worker of this.#workers) worker.ref();
    Atomics.add(control, controlWords.job, 1);
    Atomics.notify(control, controlWords.job);
    try {
      for (
        let busy = Atomics.load(control, controlWords.busy);
        busy > 0;
        busy = Atomics.load(control, controlWords.busy)
      ) {
        await Atomics.waitAsync(control, controlWords.busy, busy).value;
        this.#requireWhole();
      }
    } finally {
      for (const worker of this.#workers) worker.unref();
    }
    if (Atomics.load(control, controlWords.failed) !== 0)
      throw new Error('A kernel failed: its addresses are outside its memory.');
  }

  #requireWhole(): void {
    if (this.#failure !== undefined)
      throw new Error('A thread of the update kernels ended.', { cause: this.#failure });
  }

  #startWorker(): Worker {
    const worker = new Worker(kernelWorkerSource, { eval: true, workerData: this.#work, execArgv: [] });
    worker.unref();
    const fail = (error: Error): void => {
      if (this.#disposed) return;
      this.#failure = error;
      // Wakes whoever waits for this thread's part.
      Atomics.store(this.#work.control, controlWords.busy, 0);
      Atomics.notify(this.#work.control, controlWords.busy);
    };
    worker.once('error', fail);
    worker.once('exit', (code) => fail(new Error(`It ended with code ${code}.`)));
    return worker;
  }
}

/**
 * The scalars of one update, in float32 when a kernel receives them. With t the step and c_i = 1 − β_i^t, algorithm 2's
 * p ← p·(1 − lr·λ) − lr·(m/c1) / (√(v/c2) + ε) is p ← p·decay − stepSize · m / (√v + ε'), with stepSize = lr·√c2/c1
 * and ε' = ε·√c2.
 */
export function adamWScalars(update: AdamWStep): readonly number[] {
  const { step, learningRate, beta1, beta2, epsilon, weightDecay, gradientScale } = update;
  const correction1 = 1 - beta1 ** step;
  const correction2 = Math.sqrt(1 - beta2 ** step);
  return [
    gradientScale,
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    1 - learningRate * weightDecay,
    (learningRate * correction2) / correction1,
    epsilon * correction2,
  ];
}
