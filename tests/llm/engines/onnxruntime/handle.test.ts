import { expect, it } from 'vitest';
import { Handle } from '../../../../src/main/llm/engines/onnxruntime/handle.ts';

it('an object is released exactly once, and using it afterwards is an exception', () => {
  const released: bigint[] = [];
  const handle = Handle.create(
    (out) => {
      out[0] = 42n;
    },
    (pointer) => void released.push(pointer),
  );
  expect(handle.pointer).toBe(42n);
  handle[Symbol.dispose]();
  handle[Symbol.dispose]();
  expect(released).toEqual([42n]);
  expect(() => handle.pointer).toThrow('already released');
});

it('an object that was not made is an exception, with nothing to release', async () => {
  const release = (): void => {
    throw new Error('There is nothing to release.');
  };
  expect(() => Handle.create(() => undefined, release)).toThrow('made no object');
  await expect(Handle.createAsync(() => Promise.reject(new Error('refused')), release)).rejects.toThrow(
    'refused',
  );
});
