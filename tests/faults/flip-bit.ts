import { open } from 'node:fs/promises';

/** Flips one bit of a file in place, as a failing disk or memory does; size and name stay. */
export async function flipBit(path: string, bit: number): Promise<void> {
  await using file = await open(path, 'r+');
  const position = Math.floor(bit / 8);
  const byte = new Uint8Array(1);
  const { bytesRead } = await file.read(byte, 0, 1, position);
  if (bytesRead !== 1) throw new RangeError(`${path} has no byte ${position}.`);
  byte[0]! ^= 1 << (bit % 8);
  await file.write(byte, 0, 1, position);
}
