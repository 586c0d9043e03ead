import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = 8;
/** Bytes of a pixel by PNG's colour type, at 8 bits a channel: grey, RGB, grey with alpha, RGBA. */
const pixelBytes: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/**
 * The same picture, smaller: screens of flat areas and text compress better as they are than with the filters that a
 * browser puts before the compression (PNG specification, third edition, chapter 9).
 * @throws Error for a PNG of another kind than browsers write: 8 bits a channel, no palette, not interlaced.
 */
export function unfilteredPng(png: Buffer): Buffer {
  const chunks = readChunks(png);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (header === undefined) throw new Error('This is no PNG.');
  const bytes = pixelBytes[header.readUInt8(9)];
  if (header.readUInt8(8) !== 8 || bytes === undefined || header.readUInt8(12) !== 0)
    throw new Error('This PNG is of a kind that browsers do not write.');
  const filtered = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)),
  );
  const rows = unfilter(filtered, header.readUInt32BE(0) * bytes, header.readUInt32BE(4), bytes);
  return Buffer.concat([
    png.subarray(0, signature),
    writeChunk({ type: 'IHDR', data: header }),
    writeChunk({ type: 'IDAT', data: deflateSync(rows, { level: 9, memLevel: 9 }) }),
    writeChunk({ type: 'IEND', data: Buffer.alloc(0) }),
  ]);
}

function readChunks(png: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = signature; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function writeChunk({ type, data }: Chunk): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** @returns the rows, each after a zero that says that it has no filter. */
function unfilter(filtered: Buffer, width: number, height: number, bytes: number): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row += 1) {
    const from = row * (width + 1);
    const filter = filtered[from] ?? 0;
    for (let column = 0; column < width; column += 1) {
      const at = from + 1 + column;
      const left = column >= bytes ? (rows[at - bytes] ?? 0) : 0;
      const above = row > 0 ? (rows[at - width - 1] ?? 0) : 0;
      const aboveLeft = row > 0 && column >= bytes ? (rows[at - width - 1 - bytes] ?? 0) : 0;
      rows[at] = (filtered[at] ?? 0) + prediction(filter, left, above, aboveLeft);
    }
  }
  return rows;
}

function prediction(filter: number, left: number, above: number, aboveLeft: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4: {
      const guess = left + above - aboveLeft;
      const byLeft = Math.abs(guess - left);
      const byAbove = Math.abs(guess - above);
      const byBoth = Math.abs(guess - aboveLeft);
      if (byLeft <= byAbove && byLeft <= byBoth) return left;
      return byAbove <= byBoth ? above : aboveLeft;
    }
    default:
      return 0;
  }
}
