import { createWriteStream } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { crc32, createGzip, deflateRawSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** Archives like those that hold TensorFlow, made in a moment. */

/** Files of an archive by their names. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What a native library begins with, as the linkers of three systems write it. */
export function libraryHead(platform: string, architecture: string): Uint8Array {
  const head = new Uint8Array(64);
  const view = new DataView(head.buffer);
  switch (platform) {
    case 'darwin':
      view.setUint32(0, 0xfeedfacf, true);
      view.setUint32(4, architecture === 'arm64' ? 0x0100000c : 0x01000007, true);
      return head;
    case 'win32':
      view.setUint16(0, 0x4d5a);
      return head;
    default:
      view.setUint32(0, 0x7f454c46);
      view.setUint16(18, { x64: 0x3e, arm64: 0xb7 }[architecture] ?? 0xf3, true);
      return head;
  }
}

/** A library for this machine, as far as its first bytes say it; its text tells it from others. */
export function ownLibrary(text: string): Uint8Array {
  return Buffer.concat([libraryHead(process.platform, process.arch), Buffer.from(text)]);
}

/** Writes a zip archive, which is what a wheel is. @param compressed whether its files are, as those of wheels */
export async function writeZip(path: string, files: Files, compressed = true): Promise<string> {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = Buffer.from(content);
    const packed = compressed ? deflateRawSync(data) : data;
    const nameBytes = Buffer.from(name);
    // What a file's own header and its line in the directory have in common, from the version needed on.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(compressed ? 8 : 0, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, tail, nameBytes]));
    bodies.push(body);
    offset += body.length;
  }
  const lines = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(lines.length, 12);
  end.writeUInt32LE(offset, 16);
  await writeFile(path, Buffer.concat([...bodies, lines, end]));
  return path;
}

/** Writes a .tar.gz archive. @param links names of symbolic links, each with what it points to */
export async function writeTarGz(
  path: string,
  files: Files,
  links: Readonly<Record<string, string>> = {},
): Promise<string> {
  const archive = pack();
  for (const [name, linkname] of Object.entries(links)) archive.entry({ name, type: 'symlink', linkname });
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  await pipeline(archive, createGzip(), createWriteStream(path));
  return path;
}

/** Cuts a file off in its middle, as a download does that broke. */
export async function halve(path: string): Promise<void> {
  const { length } = await readFile(path);
  await truncate(path, Math.floor(length / 2));
}
