import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoamError } from '../../../src/shared/errors.ts';
import { forkModule } from '../../../src/main/studio/processes/launcher.ts';
import { startWorker, type WorkerClient } from '../../../src/main/studio/processes/worker-client.ts';
import type { EchoProcedures } from './echo-worker.ts';

let worker: WorkerClient<EchoProcedures>;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loam-worker-'));
  worker = startWorker<EchoProcedures>(forkModule(new URL('./echo-worker.ts', import.meta.url)), 'echoing');
});
afterEach(async () => {
  await worker.close();
  rmSync(folder, { recursive: true, force: true });
});

test('values arrive as they were sent, typed arrays and NaN included, and calls do not mix', async () => {
  const value = { numbers: Float32Array.of(1.5, Number.NaN), text: 'ä🙂', nothing: undefined };
  const events: unknown[] = [];
  const [first, second] = await Promise.all([
    worker.call('echo', value, { onEvent: (event) => events.push(event) }),
    worker.call('echo', 'other'),
  ]);
  expect(first).toEqual(value);
  expect(second).toBe('other');
  expect(events).toEqual([value, value]);
});

test('an error for a person comes back with all its parts; a defect keeps its stack', async () => {
  const refused = await worker.call('refuse', 'It is empty.').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LoamError);
  expect(refused).toMatchObject({
    kind: 'input',
    where: 'a file',
    what: 'It is empty.',
    remedy: 'Try another.',
  });
  const broken = await worker.call('break', 'a defect').catch((error: unknown) => error);
  expect(broken).not.toBeInstanceOf(LoamError);
  expect((broken as Error).stack).toContain('echo-worker.ts');
});

test('an aborted signal asks the call to stop, which then ends by itself', async () => {
  const stop = new AbortController();
  const result = worker.call(
    'waitForStop',
    { file: join(folder, 'a') },
    { signal: stop.signal, onEvent: () => stop.abort() },
  );
  expect(await result).toBe('requested');
  const before = AbortSignal.abort();
  expect(await worker.call('waitForStop', { file: join(folder, 'b') }, { signal: before })).toBe('requested');
});

test('a closed channel stops work under way as abandoned, and the worker exits', async () => {
  const file = join(folder, 'reason');
  const call = new Promise<void>(
    (resolve) =>
      void worker.call('waitForStop', { file }, { onEvent: () => resolve() }).catch(() => undefined),
  );
  await call;
  await worker.close();
  expect(readFileSync(file, 'utf8')).toBe('abandoned');
});

test('a worker that crashes fails its calls, and later ones, with words', async () => {
  const crashed = await worker.call('crash', null).catch((error: unknown) => error);
  expect(crashed).toBeInstanceOf(LoamError);
  expect((crashed as LoamError).message).toContain(
    'The echoing process was ended unexpectedly, by the signal SIGABRT',
  );
  await expect(worker.call('echo', 1)).rejects.toThrow('ended unexpectedly');
});

test('a worker that needs more memory than it may take is ended, and a sentence says so', async () => {
  const small = startWorker<EchoProcedures>(
    forkModule(new URL('./echo-worker.ts', import.meta.url), 64),
    'reading',
  );
  await expect(small.call('fillMemory', null)).rejects.toThrow(
    'The reading process was ended unexpectedly: it needed more memory than it may take.',
  );
});

test('Ctrl-C that reaches the whole group of processes does not end a worker', async () => {
  // Once it runs: until then the system's own rule holds, and the call fails as that of any process that was ended.
  await worker.call('echo', 'are you there?');
  process.kill(worker.pid!, 'SIGINT');
  expect(await worker.call('echo', 'still here')).toBe('still here');
});
