import { mkdtemp, readdir, readFile, rm, truncate, writeFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSafetensors, writeSafetensors } from '../../../src/main/llm/checkpoints/safetensors.ts';
import { LoamError } from '../../../src/shared/errors.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/transformers');
const bytesOf = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file made byte by byte, so that headers can be wrong in any way. */
async function writeRaw(
  name: string,
  header: string | Uint8Array,
  data: Uint8Array,
  claimedLength?: bigint,
): Promise<string> {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, claimedLength ?? BigInt(json.byteLength), true);
  const file = join(folder, name);
  await writeFile(file, Buffer.concat([prefix, json, data]));
  return file;
}

const pair = (data: () => Uint8Array) => [{ name: 'a', dtype: 'U8' as const, shape: [2], data }];

const entry = (dtype: string, shape: string, begin: number | string, end: number | string) =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

async function errorOf(promise: Promise<unknown>): Promise<LoamError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LoamError);
  return error as LoamError;
}

describe('writing and reading', () => {
  it('reads back every type it writes', async () => {
    const file = join(folder, 'types.safetensors');
    const floats = Float32Array.of(1.5, -2.25, 3e-40, -0);
    const longs = BigInt64Array.of(-1n, 2n ** 62n);
    const ints = Int32Array.of(-7, 8);
    const bools = Uint8Array.of(1, 0, 1);
    await writeSafetensors(
      file,
      [
        { name: 'bools', dtype: 'BOOL', shape: [3], data: () => bools },
        { name: 'floats', dtype: 'F32', shape: [2, 2], data: () => Promise.resolve(bytesOf(floats)) },
        { name: 'longs', dtype: 'I64', shape: [2], data: () => bytesOf(longs) },
        { name: 'ints', dtype: 'I32', shape: [2, 1], data: () => bytesOf(ints) },
        { name: 'halves', dtype: 'F16', shape: [2], data: () => bytesOf(Float16Array.of(0.5, 65504)) },
        { name: 'brains', dtype: 'BF16', shape: [2], data: () => bytesOf(Uint16Array.of(0x3f80, 0xc000)) },
        { name: 'scalar', dtype: 'F64', shape: [], data: () => bytesOf(Float64Array.of(0.25)) },
        { name: 'empty', dtype: 'F32', shape: [0, 5], data: () => new Uint8Array() },
        { name: '__proto__', dtype: 'U8', shape: [1], data: () => Uint8Array.of(9) },
      ],
      { format: 'pt', 'quoted "key"': 'ü' },
    );
    const opened = await openSafetensors(file);
    expect(opened.metadata).toEqual({ format: 'pt', 'quoted "key"': 'ü' });
    expect(await opened.read('floats')).toEqual({ dtype: 'float32', shape: [2, 2], data: floats });
    expect(await opened.read('longs')).toEqual({ dtype: 'int64', shape: [2], data: longs });
    expect(await opened.read('ints')).toEqual({ dtype: 'int32', shape: [2, 1], data: ints });
    expect(await opened.read('bools')).toEqual({ dtype: 'bool', shape: [3], data: bools });
    expect((await opened.read('halves')).data).toEqual(Float32Array.of(0.5, 65504));
    expect((await opened.read('brains')).data).toEqual(Float32Array.of(1, -2));
    expect(await opened.read('scalar')).toEqual({ dtype: 'float32', shape: [], data: Float32Array.of(0.25) });
    expect((await opened.read('empty')).data).toEqual(new Float32Array(0));
    expect((await opened.read('__proto__')).data).toEqual(Uint8Array.of(9));
    expect(await opened.readBytes('ints', 4, 4)).toEqual(bytesOf(Int32Array.of(8)));
    await opened.close();
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('partial'));
  });

  it('aligns every tensor to its element size, as memory-mapping readers want', async () => {
    const file = join(folder, 'aligned.safetensors');
    await writeSafetensors(file, [
      { name: 'odd', dtype: 'U8', shape: [3], data: () => new Uint8Array(3) },
      { name: 'wide', dtype: 'F32', shape: [1], data: () => new Uint8Array(4) },
    ]);
    const opened = await openSafetensors(file);
    expect(opened.tensors.get('wide')!.position % 8).toBe(0);
    await opened.close();
  });

  it('reads what the Python library writes', async () => {
    const opened = await openSafetensors(join(fixtures, 'gpt2/expected.safetensors'));
    expect(opened.tensors.get('logits')!.shape).toEqual([2, 16, 61]);
    const ids = await opened.read('input_ids');
    expect(ids.dtype).toBe('int64');
    expect([...(ids.data as BigInt64Array)].every((id) => id >= 0n && id < 61n)).toBe(true);
    const weights = await opened.read('loss_weights');
    expect((weights.data as Float32Array).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    await opened.close();
  });

  it('writes the bytes that were read from a file of the Python library', async () => {
    const source = join(fixtures, 'qwen3/model.safetensors');
    const opened = await openSafetensors(source);
    const copy = join(folder, 'copy.safetensors');
    await writeSafetensors(
      copy,
      [...opened.tensors].map(([name, { dtype, shape }]) => ({
        name,
        dtype,
        shape,
        data: () => opened.readBytes(name),
      })),
      opened.metadata,
    );
    expect(Buffer.compare(await readFile(copy), await readFile(source))).toBe(0);
    await opened.close();
  });

  it('leaves the older file as it was, and no remnants, when writing fails half way', async () => {
    const file = join(folder, 'kept.safetensors');
    await writeSafetensors(
      file,
      pair(() => Uint8Array.of(1, 2)),
    );
    const before = await readFile(file);
    await expect(
      writeSafetensors(
        file,
        pair(() => {
          throw new Error('the source of the tensor failed');
        }),
      ),
    ).rejects.toThrow('the source of the tensor failed');
    await expect(
      writeSafetensors(
        file,
        pair(() => Uint8Array.of(1)),
      ),
    ).rejects.toThrow('takes 2 bytes and was given 1');
    expect(await readFile(file)).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('refuses two tensors of one name', async () => {
    const tensor = { name: 'a', dtype: 'U8' as const, shape: [1], data: () => new Uint8Array(1) };
    await expect(writeSafetensors(join(folder, 'twice.safetensors'), [tensor, tensor])).rejects.toThrow(
      'Two tensors',
    );
  });

  it('says so when the folder to write into does not exist', async () => {
    const error = await errorOf(writeSafetensors(join(folder, 'absent', 'x.safetensors'), []));
    expect(error.what).toContain('no such file or folder');
  });
});

describe('damaged files', () => {
  const cases: readonly [string, string, number, string][] = [
    [
      'overlapping tensors',
      `{"a":${entry('U8', '[4]', 0, 4)},"b":${entry('U8', '[4]', 2, 6)}}`,
      6,
      'overlaps',
    ],
    ['a gap', `{"a":${entry('U8', '[2]', 0, 2)},"b":${entry('U8', '[2]', 4, 6)}}`, 6, 'belong to no tensor'],
    ['a late start', `{"a":${entry('U8', '[2]', 2, 4)}}`, 4, 'belong to no tensor'],
    ['missing bytes', `{"a":${entry('U8', '[8]', 0, 8)}}`, 5, 'cut off: it has 5 of 8 bytes'],
    ['surplus bytes', `{"a":${entry('U8', '[2]', 0, 2)}}`, 3, '1 bytes after its last tensor'],
    ['an unknown type', `{"a":${entry('Q3', '[2]', 0, 2)}}`, 2, 'unknown type "Q3"'],
    ['an inherited name as type', `{"a":${entry('toString', '[2]', 0, 2)}}`, 2, 'unknown type'],
    [
      'a shape that does not fit',
      `{"a":${entry('F32', '[3]', 0, 8)}}`,
      8,
      'gives 8 bytes to shape [3] of F32, which takes 12',
    ],
    ['a negative extent', `{"a":${entry('F32', '[-2]', 0, 8)}}`, 8, 'shape that is not'],
    ['a fractional extent', `{"a":${entry('F32', '[2.5]', 0, 8)}}`, 8, 'shape that is not'],
    [
      'an overflowing shape',
      `{"a":${entry('F32', '[4294967296,4294967296]', 0, 8)}}`,
      8,
      'too large to exist',
    ],
    ['negative offsets', `{"a":${entry('U8', '[2]', -2, 0)}}`, 2, 'offsets'],
    ['reversed offsets', `{"a":${entry('U8', '[2]', 2, 0)}}`, 2, 'ends (0) before it begins (2)'],
    ['huge offsets', `{"a":${entry('U8', '[2]', 0, '1e300')}}`, 2, 'offsets'],
    ['a duplicate name', `{"a":${entry('U8', '[2]', 0, 2)},"a":${entry('U8', '[2]', 0, 2)}}`, 2, '"a" twice'],
    [
      'a duplicate name in disguise',
      `{"a":${entry('U8', '[2]', 0, 2)},"\\u0061" :${entry('U8', '[2]', 0, 2)}}`,
      2,
      '"a" twice',
    ],
    [
      'a duplicate field',
      `{"a":{"dtype":"U8","dtype":"I8","shape":[2],"data_offsets":[0,2]}}`,
      2,
      '"dtype" twice',
    ],
    ['metadata that are not strings', `{"__metadata__":{"a":1}}`, 0, 'metadata "a" is not a string'],
    ['an entry that is no object', `{"a":7}`, 0, 'not a JSON object'],
    ['a header that is no object', `[1]`, 0, 'does not begin with "{"'],
    ['broken JSON', `{"a":`, 0, 'not valid JSON'],
    ['deep nesting', `{"a":${'['.repeat(100_000)}`, 0, 'not valid JSON'],
    [
      'deep nesting that ends',
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      0,
      'nested more than 64 levels',
    ],
    [
      'a type that is no word',
      `{"a":{"dtype":{"toString":1},"shape":[],"data_offsets":[0,0]}}`,
      0,
      'unknown type',
    ],
    ['a shape of many extents', `{"a":${entry('U8', `[${'1,'.repeat(16)}1]`, 0, 1)}}`, 1, 'at most 16'],
  ];
  it.each(cases)('refuses %s', async (name, header, dataBytes, message) => {
    const error = await errorOf(
      openSafetensors(await writeRaw(`${name}.safetensors`, header, new Uint8Array(dataBytes))),
    );
    expect(error.what).toContain(message);
    expect(error.where).toContain(name);
    expect(error.kind).toBe('input');
  });

  it('does not take the same word in different places for a duplicate', async () => {
    const header = `{"__metadata__":{"a":"a","dtype":"{\\"a\\":1}"},"a":${entry('U8', '[1]', 0, 1)},"dtype":${entry('U8', '[1]', 1, 2)}}`;
    const opened = await openSafetensors(await writeRaw('words.safetensors', header, new Uint8Array(2)));
    expect([...opened.tensors.keys()]).toEqual(['a', 'dtype']);
    await opened.close();
  });

  it('refuses a header that is not UTF-8', async () => {
    const error = await errorOf(
      openSafetensors(
        await writeRaw('latin.safetensors', Uint8Array.of(0x7b, 0x22, 0xe4, 0x22, 0x7d), new Uint8Array()),
      ),
    );
    expect(error.what).toContain('not valid JSON in UTF-8');
  });

  it('does not believe a header length beyond the file or the limit', async () => {
    const beyondFile = await errorOf(
      openSafetensors(await writeRaw('beyond.safetensors', '{}', new Uint8Array(), 50n)),
    );
    expect(beyondFile.what).toContain('claims 50 bytes, but the file ends after 10 bytes');
    const beyondLimit = await errorOf(
      openSafetensors(await writeRaw('limit.safetensors', '{}', new Uint8Array(), 2n ** 63n)),
    );
    expect(beyondLimit.what).toContain('allows 100000000');
  });

  it.skipIf(process.platform === 'win32')('refuses a device, which has no end', async () => {
    const device = join(folder, 'device.safetensors');
    await symlink('/dev/zero', device);
    expect((await errorOf(openSafetensors(device))).what).toContain('no ordinary file');
  });

  it('refuses an empty file, a folder and a file that is not there', async () => {
    const empty = join(folder, 'empty.safetensors');
    await writeFile(empty, '');
    expect((await errorOf(openSafetensors(empty))).what).toContain('0 bytes, too few');
    expect((await errorOf(openSafetensors(folder))).what).toContain('folder, not a file');
    expect((await errorOf(openSafetensors(join(folder, 'nowhere')))).what).toContain('no such file');
  });

  it('says so when a file shrinks after it was opened', async () => {
    const file = join(folder, 'shrinks.safetensors');
    await writeSafetensors(file, [{ name: 'a', dtype: 'U8', shape: [100], data: () => new Uint8Array(100) }]);
    const opened = await openSafetensors(file);
    await truncate(file, 120);
    expect((await errorOf(opened.read('a'))).what).toContain('became shorter');
    await opened.close();
  });

  it('names the type of a tensor that it cannot compute with', async () => {
    const opened = await openSafetensors(
      await writeRaw('eight.safetensors', `{"a":${entry('F8_E4M3', '[2]', 0, 2)}}`, new Uint8Array(2)),
    );
    expect((await errorOf(opened.read('a'))).what).toContain('F8_E4M3');
    expect((await errorOf(opened.read('b'))).what).toContain('no tensor "b"');
    await opened.close();
  });
});

/** Opens a file and reads all of it; an error must be one for a person. */
async function survives(file: string): Promise<'read' | 'refused'> {
  try {
    const opened = await openSafetensors(file);
    try {
      for (const [name, entry] of opened.tensors) {
        expect((await opened.readBytes(name)).byteLength).toBe(entry.byteLength);
        await opened.read(name);
      }
    } finally {
      await opened.close();
    }
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(LoamError);
    return 'refused';
  }
}

describe('any file at all', () => {
  it('is read rightly or refused, when bytes of a good file change, go or come', async () => {
    const good = join(folder, 'good.safetensors');
    await writeSafetensors(
      good,
      [
        { name: 'x', dtype: 'F32', shape: [2, 3], data: () => new Uint8Array(24).fill(1) },
        { name: 'y', dtype: 'F16', shape: [4], data: () => new Uint8Array(8).fill(2) },
        { name: 'z', dtype: 'U8', shape: [5], data: () => new Uint8Array(5).fill(3) },
      ],
      { format: 'pt' },
    );
    const bytes = await readFile(good);
    const file = join(folder, 'mutated.safetensors');
    const edit = fc.oneof(
      fc.record({ kind: fc.constant('change' as const), at: fc.nat(bytes.length - 1), value: fc.nat(255) }),
      fc.record({
        kind: fc.constant('remove' as const),
        at: fc.nat(bytes.length - 1),
        count: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({
        kind: fc.constant('insert' as const),
        at: fc.nat(bytes.length),
        text: fc.uint8Array({ minLength: 1, maxLength: 20 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        let mutated = [...bytes];
        for (const change of edits) {
          if (change.kind === 'change') mutated[change.at] = change.value;
          else if (change.kind === 'remove') mutated.splice(change.at, change.count);
          else mutated = [...mutated.slice(0, change.at), ...change.text, ...mutated.slice(change.at)];
        }
        await writeFile(file, Uint8Array.from(mutated));
        await survives(file);
      }),
      { numRuns: 400 },
    );
  });

  it('is refused or read when its header is any JSON', async () => {
    const word = fc.constantFrom('dtype', 'shape', 'data_offsets', '__metadata__', 'a', '__proto__');
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('F32', 'U8', 'BOOL', null, true, 0, 1, 4, -1, 0.5, 1e21),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(word, tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    await fc.assert(
      fc.asyncProperty(value, fc.nat(12), async (header, size) => {
        await survives(await writeRaw('any.safetensors', JSON.stringify(header), new Uint8Array(size)));
      }),
      { numRuns: 300 },
    );
  });
});
