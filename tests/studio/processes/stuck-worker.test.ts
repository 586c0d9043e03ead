import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { forkModule } from '../../../src/main/studio/processes/launcher.ts';
import { trackWorkers } from '../../../src/main/studio/processes/living-workers.ts';
import { startWorker, type WorkerClient } from '../../../src/main/studio/processes/worker-client.ts';
import type { SpinningProcedures } from './spinning-worker.ts';

const launch = () => forkModule(new URL('./spinning-worker.ts', import.meta.url));
const longer = { milliseconds: 60_000 };

let worker: WorkerClient<SpinningProcedures> | undefined;
afterEach(async () => {
  worker?.kill();
  await worker?.close();
});

describe('A worker that holds its event loop', () => {
  test('is left alone while its parent lives and has asked for nothing', async () => {
    worker = startWorker<SpinningProcedures>(launch(), 'spinning');
    expect(await worker.call('spin', { milliseconds: 2200 })).toBe('done');
  });

  test('is ended when it does not hear that it is to stop', async () => {
    worker = startWorker<SpinningProcedures>(launch(), 'spinning');
    const stop = new AbortController();
    const call = worker.call('spin', longer, {
      signal: stop.signal,
      patience: 200,
      onEvent: () => setTimeout(() => stop.abort(), 50),
    });
    await expect(call).rejects.toMatchObject({
      kind: 'interrupted',
      what: 'The spinning process did not hear that it was to stop, and was ended.',
    });
  });

  test('is ended when it is closed and does not exit', async () => {
    worker = startWorker<SpinningProcedures>(launch(), 'spinning', { closingPatience: 200 });
    const begun = Promise.withResolvers<void>();
    const call = worker.call('spin', longer, { onEvent: () => begun.resolve() });
    call.catch(() => undefined);
    await begun.promise;
    await worker.close();
    await expect(call).rejects.toMatchObject({ kind: 'interrupted' });
  });
});

test('All workers can be ended at once but those of kinds that are spared, later ones too', async () => {
  const { launcher, endAll } = trackWorkers(launch);
  const ends = new Set<string>();
  const start = (kind: 'training' | 'export') => {
    const started = launcher(kind);
    started.onExit(() => ends.add(kind));
    return started;
  };
  start('export');
  const spared = start('training');
  endAll(['training']);
  await expect.poll(() => [...ends], { timeout: 15_000 }).toEqual(['export']);
  ends.clear();
  start('export');
  await expect.poll(() => [...ends], { timeout: 15_000 }).toEqual(['export']);
  endAll();
  await expect.poll(() => ends.has('training'), { timeout: 15_000 }).toBe(true);
  spared.kill();
});

describe.concurrent('A worker whose parent was killed ends', () => {
  test.each([
    ['although its event loop stands still', 'spin'],
    ['although its work does not heed being stopped', 'goOn'],
  ])('%s', async (_how, what) => {
    const parent = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('./leaving-parent.ts', import.meta.url)),
        what,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
    });
    parent.kill('SIGKILL');
    await expect.poll(() => lives(pid), { timeout: 30_000, interval: 200 }).toBe(false);
  });
});

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
