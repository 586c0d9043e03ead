// The kernels as one WebAssembly module over an imported shared memory. AssemblyScript: see scripts/build-kernels.ts.
export { adamW } from './adamw';
export { dropoutMask } from './dropout';
export { sumOfSquares, zero } from './norm';
