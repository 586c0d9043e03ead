/**
 * How GGUF files keep a tensor's values: as they are, or in blocks of small integers with scales of their own. Layouts from
 * llama.cpp, ggml/src/ggml-common.h, and what they mean from `dequantize_row_*` in ggml/src/ggml-quants.c.
 */
export interface BlockFormat {
  /** As llama.cpp names it. */
  readonly name: string;
  /** Values of a block, which lie beside each other in a row. */
  readonly values: number;
  /** Bytes of a block. */
  readonly bytes: number;
  /** Writes one block's values. @param from where the block begins @param to where its values go */
  decode(bytes: Uint8Array, from: number, values: Float32Array, to: number): void;
}

/** The float32 of every float16, by its bits. */
const halves = Float32Array.from(
  new Float16Array(Uint16Array.from({ length: 65536 }, (_, bits) => bits).buffer),
);
const half = (bytes: Uint8Array, at: number): number => halves[bytes[at]! | (bytes[at + 1]! << 8)]!;

const asFloat = new Float32Array(1);
const asBits = new Uint32Array(asFloat.buffer);
const uint32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
const signed = (byte: number): number => (byte << 24) >> 24;

const f32: BlockFormat = {
  name: 'F32',
  values: 1,
  bytes: 4,
  decode: (bytes, from, values, to) => {
    asBits[0] = uint32(bytes, from);
    values[to] = asFloat[0]!;
  },
};

const f16: BlockFormat = {
  name: 'F16',
  values: 1,
  bytes: 2,
  decode: (bytes, from, values, to) => {
    values[to] = half(bytes, from);
  },
};

const bf16: BlockFormat = {
  name: 'BF16',
  values: 1,
  bytes: 2,
  decode: (bytes, from, values, to) => {
    asBits[0] = (bytes[from]! << 16) | (bytes[from + 1]! << 24);
    values[to] = asFloat[0]!;
  },
};

/** Values in the small blocks; in those of four and five bits, a byte has the place and the place sixteen further. */
const small = 32;
const nibbles = small / 2;

/**
 * Blocks of four or five bits: a scale; a minimum, or else integers around zero; the fifth bits of all, where there are any; and
 * the lower four. The float16s times small integers are exact in float64, so that each value is rounded once.
 */
function smallBlocks(
  name: string,
  { fifthBits, minimum }: { readonly fifthBits: boolean; readonly minimum: boolean },
): BlockFormat {
  const fifthAt = minimum ? 4 : 2;
  const integersAt = fifthAt + (fifthBits ? 4 : 0);
  const middle = fifthBits ? 16 : 8;
  return {
    name,
    values: small,
    bytes: integersAt + nibbles,
    decode: (bytes, from, values, to) => {
      const scale = half(bytes, from);
      const least = minimum ? half(bytes, from + 2) : -middle * scale;
      const fifth = fifthBits ? uint32(bytes, from + fifthAt) : 0;
      for (let place = 0; place < nibbles; place += 1) {
        const byte = bytes[from + integersAt + place]!;
        const low = (byte & 15) | (((fifth >>> place) & 1) << 4);
        const high = (byte >> 4) | (((fifth >>> (place + nibbles)) & 1) << 4);
        values[to + place] = low * scale + least;
        values[to + nibbles + place] = high * scale + least;
      }
    },
  };
}

const q8_0: BlockFormat = {
  name: 'Q8_0',
  values: small,
  bytes: 34,
  decode: (bytes, from, values, to) => {
    const scale = half(bytes, from);
    for (let place = 0; place < small; place += 1)
      values[to + place] = signed(bytes[from + 2 + place]!) * scale;
  },
};

/** Values in the large blocks, whose scales are integers with a scale of their own. */
const large = 256;
const parts = large / small;

/** The scale of one of a block's eight parts, and its minimum: six bits each, packed into twelve bytes. */
function partScale(bytes: Uint8Array, from: number, part: number): number {
  if (part < 4) return bytes[from + part]! & 63;
  return (bytes[from + part + 4]! & 15) | ((bytes[from + part - 4]! >> 6) << 4);
}
function partMinimum(bytes: Uint8Array, from: number, part: number): number {
  if (part < 4) return bytes[from + part + 4]! & 63;
  return (bytes[from + part + 4]! >> 4) | ((bytes[from + part]! >> 6) << 4);
}

/** Q4_K and Q5_K, which has a fifth bit for each value: a byte for each place, with a bit for each part. */
function decodeParts(
  bytes: Uint8Array,
  from: number,
  fifthBits: number | undefined,
  integers: number,
  values: Float32Array,
  to: number,
): void {
  const scale = half(bytes, from);
  const minimum = half(bytes, from + 2);
  for (let part = 0; part < parts; part += 1) {
    const ownScale = Math.fround(scale * partScale(bytes, from + 4, part));
    const ownMinimum = Math.fround(minimum * partMinimum(bytes, from + 4, part));
    const first = integers + small * (part >> 1);
    for (let place = 0; place < small; place += 1) {
      const byte = bytes[first + place]!;
      const four = part % 2 === 0 ? byte & 15 : byte >> 4;
      const fifth = fifthBits === undefined ? 0 : ((bytes[fifthBits + place]! >> part) & 1) << 4;
      values[to + small * part + place] = ownScale * (four + fifth) - ownMinimum;
    }
  }
}

const q4_K: BlockFormat = {
  name: 'Q4_K',
  values: large,
  bytes: 144,
  decode: (bytes, from, values, to) => decodeParts(bytes, from, undefined, from + 16, values, to),
};

const q5_K: BlockFormat = {
  name: 'Q5_K',
  values: large,
  bytes: 176,
  decode: (bytes, from, values, to) => decodeParts(bytes, from, from + 16, from + 48, values, to),
};

const q6_K: BlockFormat = {
  name: 'Q6_K',
  values: large,
  bytes: 210,
  decode: (bytes, from, values, to) => {
    const scale = half(bytes, from + 208);
    for (let side = 0; side < 2; side += 1) {
      const [low, high, scales] = [from + 64 * side, from + 128 + 32 * side, from + 192 + 8 * side];
      for (let quarter = 0; quarter < 4; quarter += 1)
        for (let place = 0; place < small; place += 1) {
          const byte = bytes[low + place + (quarter % 2 === 0 ? 0 : small)]!;
          const four = quarter < 2 ? byte & 15 : byte >> 4;
          const integer = (four | (((bytes[high + place]! >> (2 * quarter)) & 3) << 4)) - 32;
          const own = signed(bytes[scales + 2 * quarter + (place >> 4)]!);
          values[to + (large / 2) * side + small * quarter + place] = Math.fround(scale * own) * integer;
        }
    }
  },
};

/** The formats that are read, by ggml's number (`enum ggml_type` in ggml/include/ggml.h). */
export const blockFormats: ReadonlyMap<number, BlockFormat> = new Map([
  [0, f32],
  [1, f16],
  [2, smallBlocks('Q4_0', { fifthBits: false, minimum: false })],
  [3, smallBlocks('Q4_1', { fifthBits: false, minimum: true })],
  [6, smallBlocks('Q5_0', { fifthBits: true, minimum: false })],
  [7, smallBlocks('Q5_1', { fifthBits: true, minimum: true })],
  [8, q8_0],
  [12, q4_K],
  [13, q5_K],
  [14, q6_K],
  [30, bf16],
]);

/** Decodes whole blocks. @throws RangeError when the bytes are no whole number of blocks */
export function decodeBlocks(format: BlockFormat, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  if (bytes.byteLength % format.bytes !== 0)
    throw new RangeError(`${bytes.byteLength} bytes are no whole number of ${format.name} blocks.`);
  const blocks = bytes.byteLength / format.bytes;
  const values = new Float32Array(blocks * format.values);
  for (let block = 0; block < blocks; block += 1)
    format.decode(bytes, block * format.bytes, values, block * format.values);
  return values;
}
