import { LoamError } from '../../../../shared/errors.ts';
import type { ParameterSpecification } from '../engine.ts';
import { elementCount } from '../tensor-types.ts';

/** The order in which the four buffers of a slab follow each other. */
export const buffers = ['parameters', 'gradients', 'firstMoments', 'secondMoments'] as const;

/** Where one parameter's elements begin in each buffer of its slab. */
export interface SlabPlacement {
  readonly specification: ParameterSpecification;
  readonly elements: number;
  /** In elements from the start of a buffer. */
  readonly start: number;
}

/** One WebAssembly memory: four buffers of equal length, each with the same parameters in the same order. */
export interface Slab {
  readonly bytes: number;
  /** Byte addresses of the buffers, in the order of `buffers`. */
  readonly bufferAddresses: readonly number[];
  /** Elements in a buffer, padding included. */
  readonly bufferElements: number;
  /** Elements from the start of a buffer that belong to parameters with weight decay; the others follow. */
  readonly decayedElements: number;
  readonly placements: readonly SlabPlacement[];
}

export const pageBytes = 65_536;
/** A 32-bit WebAssembly memory has at most 65,536 pages; one less keeps the end addresses below 2^32. */
const largestMemory = 65_535 * pageBytes;
/** Parameters begin at cache lines. Padding stays zero in every buffer, so kernels may run over it. */
const lineElements = 16;
/** Buffers are moved against each other by a little more than a page: at equal offsets in a page, stores delay loads. */
const bufferStagger = 4096 + 64;

/** Bytes that four buffers with this many elements take, with a free page in front so that no address is 0. */
function slabBytes(bufferElements: number): number {
  return Math.ceil((pageBytes + 4 * (4 * bufferElements + bufferStagger)) / pageBytes) * pageBytes;
}

/**
 * Places parameters, gradients and both moments in as few WebAssembly memories as need be, in the parameters' order
 * but with the decayed ones first in each.
 * @param preferredBytes where to begin another memory; one parameter that needs more gets it, up to 4 GiB
 * @throws LoamError of kind 'input' when one parameter and its state need more than 4 GiB
 */
export function layoutSlabs(
  specifications: readonly ParameterSpecification[],
  preferredBytes = 3.5 * 2 ** 30,
): readonly Slab[] {
  const slabs: Slab[] = [];
  let members: ParameterSpecification[] = [];
  let elements = 0;
  const close = (): void => {
    if (members.length > 0) slabs.push(layoutSlab(members));
    members = [];
    elements = 0;
  };
  for (const specification of specifications) {
    const more = paddedCount(specification);
    if (slabBytes(more) > largestMemory) {
      throw new LoamError({
        kind: 'input',
        what: `The parameter '${specification.name}' of shape [${specification.shape.join(', ')}] takes ${(slabBytes(more) / 2 ** 30).toFixed(1)} GiB with its gradient and moments; it must be less than 4 GiB.`,
        where: 'model',
        remedy: 'Choose a smaller vocabulary or a smaller model.',
      });
    }
    if (slabBytes(elements + more) > preferredBytes) close();
    members.push(specification);
    elements += more;
  }
  close();
  return slabs;
}

function layoutSlab(members: readonly ParameterSpecification[]): Slab {
  const placements: SlabPlacement[] = [];
  let start = 0;
  const place = (specification: ParameterSpecification): void => {
    placements.push({ specification, elements: elementCount(specification.shape), start });
    start += paddedCount(specification);
  };
  members.filter(({ weightDecay }) => weightDecay).forEach(place);
  const decayedElements = start;
  members.filter(({ weightDecay }) => !weightDecay).forEach(place);
  const bufferElements = start;
  return {
    bytes: slabBytes(bufferElements),
    bufferAddresses: buffers.map((_, buffer) => pageBytes + buffer * (4 * bufferElements + bufferStagger)),
    bufferElements,
    decayedElements,
    placements,
  };
}

function paddedCount({ shape }: ParameterSpecification): number {
  return Math.ceil(elementCount(shape) / lineElements) * lineElements;
}
