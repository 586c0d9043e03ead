import type {
  AdamWStep,
  DeviceTensor,
  ParameterBuffer,
  ParameterSet,
  ParameterSpecification,
} from '../engine.ts';
import { requireDistinctNames } from '../tensor-types.ts';
import { OnnxRuntimeTensor } from './device-tensor.ts';
import { outOfMemory } from '../out-of-memory.ts';
import { KernelPool } from './kernel-pool.ts';
import type { KernelChunk } from './kernel-worker.ts';
import { layoutSlabs, pageBytes, buffers, type Slab } from './slab-layout.ts';

/** Elements that one thread takes at a time: four buffers of them are 1 MiB. */
const chunkElements = 65_536;

/**
 * Parameters, gradients and optimizer state in shared WebAssembly memories, where ONNX Runtime's sessions read and
 * write them and the kernels update them without a copy. The memories never grow, so that addresses hold.
 */
export class OnnxRuntimeParameterSet implements ParameterSet {
  readonly specifications: readonly ParameterSpecification[];
  readonly #buffers: Readonly<Record<ParameterBuffer, Readonly<Record<string, OnnxRuntimeTensor>>>>;
  readonly #pool: KernelPool;
  readonly #onDispose: (set: OnnxRuntimeParameterSet) => void;

  /**
   * @param threads of the update kernels
   * @param preferredBytes where another memory begins
   * @throws LoamError of kind 'environment' when there is not enough memory
   */
  constructor(
    specifications: readonly ParameterSpecification[],
    threads: number,
    onDispose: (set: OnnxRuntimeParameterSet) => void,
    preferredBytes?: number,
  ) {
    requireDistinctNames(specifications);
    this.specifications = specifications;
    this.#onDispose = onDispose;
    const slabs = layoutSlabs(specifications, preferredBytes);
    const memories = slabs.map(allocateSlab);
    this.#buffers = {
      parameters: bufferTensors(slabs, memories, 'parameters'),
      gradients: bufferTensors(slabs, memories, 'gradients'),
      firstMoments: bufferTensors(slabs, memories, 'firstMoments'),
      secondMoments: bufferTensors(slabs, memories, 'secondMoments'),
    };
    this.#pool = new KernelPool(memories, slabs.flatMap(chunksOf), threads);
  }

  buffer(buffer: ParameterBuffer): Readonly<Record<string, DeviceTensor>> {
    return this.#buffers[buffer];
  }

  zeroGradients(): Promise<void> {
    return this.#pool.zeroGradients();
  }

  async gradientNorm(): Promise<number> {
    return Math.sqrt(await this.#pool.gradientSquares());
  }

  adamW(update: AdamWStep): Promise<void> {
    return this.#pool.adamW(update);
  }

  async dispose(): Promise<void> {
    await this.#pool.dispose();
    for (const buffer of buffers)
      for (const tensor of Object.values(this.#buffers[buffer])) tensor.disposeWithSet();
    this.#onDispose(this);
  }
}

function allocateSlab(slab: Slab): WebAssembly.Memory {
  const pages = slab.bytes / pageBytes;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    throw outOfMemory(slab.bytes, error);
  }
}

function bufferTensors(
  slabs: readonly Slab[],
  memories: readonly WebAssembly.Memory[],
  buffer: ParameterBuffer,
): Readonly<Record<string, OnnxRuntimeTensor>> {
  const tensors: Record<string, OnnxRuntimeTensor> = {};
  slabs.forEach((slab, index) => {
    const address = slab.bufferAddresses[buffers.indexOf(buffer)];
    const memory = memories[index];
    if (address === undefined || memory === undefined)
      throw new Error(`Slab ${index} has no buffer of ${buffer}.`);
    for (const { specification, elements, start } of slab.placements) {
      const bytes = new Uint8Array(memory.buffer, address + 4 * start, 4 * elements);
      tensors[specification.name] = OnnxRuntimeTensor.ofSet(specification.shape, bytes);
    }
  });
  return tensors;
}

/** Cuts a slab's buffers into chunks; none has both decayed and undecayed parameters. */
function chunksOf(slab: Slab, memory: number): readonly KernelChunk[] {
  const chunks: KernelChunk[] = [];
  const cut = (start: number, end: number, weightDecay: boolean): void => {
    for (let at = start; at < end; at += chunkElements) {
      const [parameter = 0, gradient = 0, first = 0, second = 0] = slab.bufferAddresses.map(
        (address) => address + 4 * at,
      );
      chunks.push({
        memory,
        addresses: [parameter, gradient, first, second],
        count: Math.min(chunkElements, end - at),
        weightDecay,
      });
    }
  };
  cut(0, slab.decayedElements, true);
  cut(slab.decayedElements, slab.bufferElements, false);
  return chunks;
}
