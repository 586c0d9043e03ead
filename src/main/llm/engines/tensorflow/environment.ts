import { totalmem } from 'node:os';
import process from 'node:process';

/** What TensorFlow reads from the environment, by name, once in a process: when it is loaded. */
function settings(threads: number): Readonly<Record<string, string>> {
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(threads),
    // Weights learn: no kernel may keep those that it saw first.
    TF_ONEDNN_ASSUME_FROZEN_WEIGHTS: '0',
    // Products in float32 are in float32: cards from Ampere on would round what they multiply to 11 bits otherwise.
    NVIDIA_TF32_OVERRIDE: '0',
  };
}

/** What a person may have set otherwise. */
function usualSettings(): Readonly<Record<string, string>> {
  return {
    // TensorFlow writes notes about the processor to the terminal otherwise.
    TF_CPP_MIN_LOG_LEVEL: '2',
    // TensorFlow keeps memory from one activation to the next by itself, in blocks that fit. Where it does not by default,
    // which is where it computes without oneDNN, each would be asked of the operating system anew: a step takes 1.7 times as
    // long.
    TF_CPU_ALLOCATOR_USE_BFC: 'true',
    TF_CPU_BFC_MEM_LIMIT_IN_MB: String(Math.ceil(totalmem() / 2 ** 20)),
    // A card's memory is taken as it is needed: what writes or evaluates beside a run finds some.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    // One card, the first that nvidia-smi lists: tfjs-node would put tensors on the last of several.
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: '0',
  };
}

/** Sets up the environment that TensorFlow reads. To be called before its libraries are loaded. */
export function prepareEnvironment(threads: number): void {
  Object.assign(process.env, settings(threads));
  for (const [name, value] of Object.entries(usualSettings())) process.env[name] ??= value;
}
