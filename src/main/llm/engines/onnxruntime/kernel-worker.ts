import type { Kernels } from '../../kernels/kernel-module.ts';

/** A stretch of a slab that one thread works on: a fixed part of the work, whichever thread takes it. */
export interface KernelChunk {
  /** Index of the memory. */
  readonly memory: number;
  /** Byte addresses of the stretch in the four buffers: parameters, gradients, first and second moments. */
  readonly addresses: readonly [number, number, number, number];
  /** Elements. */
  readonly count: number;
  readonly weightDecay: boolean;
}

/** What the threads share: `control` holds the words named by `controlWords`. */
export interface KernelWork {
  readonly module: WebAssembly.Module;
  readonly memories: readonly WebAssembly.Memory[];
  readonly chunks: readonly KernelChunk[];
  readonly control: Int32Array<SharedArrayBuffer>;
  /** The scalars of AdamW: scale, β1, 1−β1, β2, 1−β2, decay where it applies, step size, ε. */
  readonly scalars: Float64Array<SharedArrayBuffer>;
  /** One result for each chunk. */
  readonly results: Float64Array<SharedArrayBuffer>;
}

/** Places in `control`: the job's number, which kernel, the next chunk to take, threads still at work, and whether one failed. */
export const controlWords = { job: 0, kernel: 1, next: 2, busy: 3, failed: 4 } as const;
export const kernelNumbers = { adamW: 0, gradientSquares: 1, zeroGradients: 2, stop: 3 } as const;

/**
 * One thread: waits for a job, takes chunks until none is left, says so, and waits again. It is started from its own
 * source text, so that it runs the same from the sources and from a bundle: nothing outside it may be named in it.
 */
export function serveKernels(work: KernelWork): void {
  const { module, memories, chunks, control, scalars, results } = work;
  const instances = memories.map(
    (memory) => new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels,
  );
  let job = 0;
  for (;;) {
    Atomics.wait(control, 0, job);
    job = Atomics.load(control, 0);
    const kernel = Atomics.load(control, 1);
    if (kernel === 3) return;
    try {
      const [scale = 0, beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, decay = 0, stepSize = 0, epsilon = 0] =
        scalars;
      for (
        let index = Atomics.add(control, 2, 1);
        index < chunks.length;
        index = Atomics.add(control, 2, 1)
      ) {
        const chunk = chunks[index]!;
        const kernels = instances[chunk.memory]!;
        const [parameter, gradient, first, second] = chunk.addresses;
        if (kernel === 0)
          kernels.adamW(
            parameter,
            gradient,
            first,
            second,
            chunk.count,
            scale,
            beta1,
            rest1,
            beta2,
            rest2,
            chunk.weightDecay ? decay : 1,
            stepSize,
            epsilon,
          );
        else if (kernel === 1) results[index] = kernels.sumOfSquares(gradient, chunk.count);
        else kernels.zero(gradient, chunk.count);
      }
    } catch {
      Atomics.store(control, 4, 1);
    }
    Atomics.sub(control, 3, 1);
    Atomics.notify(control, 3);
  }
}

/** The source text that starts `serveKernels` in a worker thread. */
export const kernelWorkerSource = `(${serveKernels.toString()})(require('node:worker_threads').workerData);`;
