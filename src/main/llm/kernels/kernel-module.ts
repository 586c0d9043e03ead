import { kernelCode } from './kernel-code.ts';

/** The exports of the compiled kernels: see source/. Addresses and counts are unsigned 32-bit numbers. */
export interface Kernels {
  adamW(
    parameter: number,
    gradient: number,
    firstMoment: number,
    secondMoment: number,
    count: number,
    gradientScale: number,
    beta1: number,
    oneMinusBeta1: number,
    beta2: number,
    oneMinusBeta2: number,
    decay: number,
    stepSize: number,
    epsilon: number,
  ): void;
  sumOfSquares(address: number, count: number): number;
  zero(address: number, count: number): void;
  dropoutMask(
    address: number,
    count: number,
    firstBlock: number,
    place: number,
    microBatch: number,
    seed: number,
    step: number,
    threshold: number,
    scale: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/** The compiled kernels, once for each process. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelCode, 'base64'));
  return compiled;
}
