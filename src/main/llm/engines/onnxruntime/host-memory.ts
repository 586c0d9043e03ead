import { outOfMemory } from '../out-of-memory.ts';

/** Bytes that ONNX Runtime and JavaScript both see, at an address that does not change. */
export interface HostMemory {
  readonly bytes: Uint8Array;
  /** Gives the memory back to the operating system at once, not when the garbage collector comes by. */
  free(): void;
}

/** Vector loads of 64 bytes stay within a cache line. */
const lineAlignment = 64;
/** Larger blocks begin at a page, so that two tensors never share one. */
const pageAlignment = 4096;

/**
 * Memory of its own for one tensor, zeroed, aligned to a cache line or (from 64 KiB) to a page.
 * @param addressOf the address of a view's first byte
 * @throws LoamError of kind 'environment' when there is not that much memory
 */
export function allocateHostMemory(byteLength: number, addressOf: (bytes: Uint8Array) => bigint): HostMemory {
  const alignment = byteLength >= 16 * pageAlignment ? pageAlignment : lineAlignment;
  let buffer: ArrayBuffer;
  try {
    buffer = new ArrayBuffer(byteLength + alignment);
  } catch (error) {
    throw outOfMemory(byteLength, error);
  }
  const start = Number(BigInt.asUintN(64, -addressOf(new Uint8Array(buffer))) % BigInt(alignment));
  return {
    bytes: new Uint8Array(buffer, start, byteLength),
    // Detaching leaves an empty buffer: a view that someone still holds reads nothing instead of freed memory.
    free: () => void buffer.transfer(0),
  };
}
