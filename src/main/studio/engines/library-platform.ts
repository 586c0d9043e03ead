import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';

/** For which platform and processor a native library is, as its first bytes say; undefined when it is none. */
export function platformOfLibrary(
  head: Uint8Array,
): { readonly platform: string; readonly architecture: string | undefined } | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 20) return undefined;
  if (view.getUint32(0) === 0x7f454c46)
    // ELF: e_machine
    return {
      platform: 'linux',
      architecture: { 0x3e: 'x64', 0xb7: 'arm64' }[view.getUint16(18, true)],
    };
  if (view.getUint32(0, true) === 0xfeedfacf)
    // Mach-O, 64 bits: cputype
    return {
      platform: 'darwin',
      architecture: { 0x01000007: 'x64', 0x0100000c: 'arm64' }[view.getUint32(4, true)],
    };
  if (view.getUint16(0) === 0x4d5a) return { platform: 'win32', architecture: 'x64' };
  return undefined;
}

/** @throws LoamError when a library is for another platform, or no library at all */
export async function requireOwnPlatform(path: string, archive: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(64), 0, 64, 0);
    const found = platformOfLibrary(buffer.subarray(0, bytesRead));
    if (found?.platform === process.platform && found.architecture === process.arch) return;
    throw new LoamError({
      kind: 'input',
      where: archive,
      what:
        found === undefined
          ? `Its file ${basename(path)} is no library.`
          : `It is for ${found.platform} on ${found.architecture ?? 'another processor'}, and this is ${process.platform} on ${process.arch}.`,
      remedy: `Get TensorFlow for ${process.platform} on ${process.arch}.`,
    });
  } finally {
    await file.close();
  }
}
