import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, startLoam, tinyModel, type Place, type Started } from './loam.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await place.call('init', place.project);
  await place.call('dataset', 'import', 'records', place.text, '--project', place.project);
});
afterAll(() => place.remove());

interface RunRecord {
  readonly status: string;
  readonly step: number;
  readonly validationLoss: number;
  readonly evaluations: readonly { readonly step: number; readonly loss: number }[];
}

const train = (name: string, steps: number, ...more: string[]): Started =>
  place.start(
    'train',
    '--dataset',
    'records',
    ...tinyModel,
    '--steps',
    String(steps),
    '--name',
    name,
    '--json',
    ...more,
    '--project',
    place.project,
  );

const show = async (name: string): Promise<RunRecord> =>
  JSON.parse(
    (await place.call('runs', 'show', name, '--json', '--project', place.project)).stdout,
  ) as RunRecord;

/** The process in which a run trains, as the command's own words name it. */
const workerOf = (stdout: string): number => Number(/"type":"started","process":(\d+)/.exec(stdout)?.[1]);

/** The process that holds a run's lock. */
const holderOf = async (run: string): Promise<number> => {
  const text = await readFile(join(place.project, 'locks', `run-${run}.lock.holder.json`), 'utf8');
  return (JSON.parse(text) as { pid: number }).pid;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const until = async (condition: () => boolean | Promise<boolean>, seconds = 20): Promise<void> => {
  for (
    const end = Date.now() + seconds * 1000;
    !(await condition());
    await new Promise((resolve) => setTimeout(resolve, 50))
  )
    if (Date.now() > end) throw new Error('It did not come to pass.');
};

describe('a run that is interrupted', () => {
  const steps = 1200;
  let whole: RunRecord;
  beforeAll(async () => {
    expect((await train('whole', steps).ended).code).toBe(0);
    whole = await show('whole');
  });

  test('Ctrl-C saves a checkpoint, says how to resume, and exits with 130; resuming gives the losses of a whole run', async () => {
    const started = train('paused', steps);
    await started.saw('"step":45,');
    started.process.kill('SIGINT');
    const ended = await started.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('saving a checkpoint');
    const last = JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '') as { status: string; step: number };
    expect(last).toMatchObject({ type: 'ended', status: 'paused' });
    expect(last.step).toBeGreaterThanOrEqual(45);
    expect((await place.loam('resume', 'paused', '--project', place.project)).code).toBe(0);
    const resumed = await show('paused');
    expect(resumed.evaluations).toEqual(whole.evaluations);
  });

  test('a run that is stopped before its first evaluation resumes to the same losses', async () => {
    // The one evaluation is at the end, which is long in coming: however late the signal is, it comes before.
    const slow = ['batchSize=1024', 'microBatchSize=1024', 'evaluationInterval=1000'].flatMap((setting) => [
      '--set',
      `training.${setting}`,
    ]);
    expect((await train('late', 30, ...slow).ended).code).toBe(0);
    const started = train('early', 30, ...slow);
    await started.saw('"step":3,');
    started.process.kill('SIGINT');
    expect((await started.ended).code).toBe(130);
    expect((await show('early')).evaluations).toEqual([]);
    expect((await place.loam('resume', 'early', '--project', place.project)).code).toBe(0);
    const { evaluations } = await show('early');
    expect(evaluations.length).toBeGreaterThan(0);
    expect(evaluations).toEqual((await show('late')).evaluations);
  });

  test.skipIf(process.platform === 'win32')(
    'a Ctrl-C that reaches the worker too, as it does in a terminal, saves as well (skipped on Windows, which sends none)',
    async () => {
      const words = [
        'train',
        '--dataset',
        'records',
        ...tinyModel,
        '--steps',
        '100000',
        '--name',
        'group',
        '--project',
        place.project,
      ];
      const started = startLoam(words, {
        cwd: place.folder,
        home: join(place.folder, 'home'),
        detached: true,
      });
      await started.saw('Training in process');
      await started.saw('checkpoint saved');
      process.kill(-started.process.pid!, 'SIGINT');
      expect(await started.ended).toMatchObject({
        code: 130,
        stdout: expect.stringContaining('Go on with: loam resume group'),
      });
      expect((await show('group')).status).toBe('paused');
    },
  );

  test('a second Ctrl-C stops at once and says how to go on', async () => {
    const started = train('hasty', 100_000);
    await started.saw('"step":25,');
    started.process.kill('SIGINT');
    started.process.kill('SIGINT');
    // Two signals of one kind in one turn may count as one; and those that come while the process ends, down to its last
    // moment, must not end it by the signal instead.
    const again = setInterval(() => started.process.kill('SIGINT'), 1);
    const ended = await started.ended;
    clearInterval(again);
    expect(ended).toMatchObject({ code: 130, stderr: expect.stringContaining('loam resume hasty') });
    expect(['paused', 'interrupted']).toContain((await show('hasty')).status);
  });

  test.skipIf(process.platform !== 'linux')(
    'every thread of the worker gives way to other programs (of Linux alone, which tells of threads)',
    async () => {
      const started = train('humble', 100_000);
      await started.saw('"step":10,');
      const pid = await holderOf('humble');
      const threads = await readdir(`/proc/${pid}/task`);
      const niceness = await Promise.all(
        threads.map(async (thread) => {
          const status = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8');
          // The name in brackets may hold spaces; niceness is the 17th field after it (proc(5)).
          return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[16]);
        }),
      );
      expect(new Set(niceness)).toEqual(new Set([10]));
      started.process.kill('SIGINT');
      await started.ended;
    },
  );

  test('a worker killed by SIGKILL leaves a run that reads as interrupted and resumes to the same losses', async () => {
    const started = train('killed', steps);
    await started.saw('"step":70,');
    const pid = await holderOf('killed');
    process.kill(pid, 'SIGKILL');
    const ended = await started.ended;
    expect(workerOf(ended.stdout)).toBe(pid);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ended unexpectedly, by the signal SIGKILL'),
    });
    expect((await show('killed')).status).toBe('interrupted');
    expect((await place.loam('resume', 'killed', '--project', place.project)).code).toBe(0);
    expect((await show('killed')).evaluations).toEqual(whole.evaluations);
  });

  test('a worker whose parent was killed saves a checkpoint, exits, and its run reads as interrupted', async () => {
    const started = train('orphaned', 100_000);
    await started.saw('"step":30,');
    const pid = await holderOf('orphaned');
    expect(isAlive(pid)).toBe(true);
    started.process.kill('SIGKILL');
    await until(() => !isAlive(pid));
    const run = await show('orphaned');
    expect(run.status).toBe('interrupted');
    const { checkpoints } = run as unknown as { checkpoints: { step: number }[] };
    expect(checkpoints.at(-1)?.step).toBe(run.step);
  });

  test('two processes cannot train one run', async () => {
    const started = train('single', 100_000);
    await started.saw('"step":20,');
    const second = await place.loam('resume', 'single', '--project', place.project);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('It trains already') });
    started.process.kill('SIGINT');
    expect((await started.ended).code).toBe(130);
  });

  test('a second run waits for the first and says so, and waiting runs can be reordered', async () => {
    const first = train('busy', 100_000);
    await first.saw('"step":5,');
    const second = train('second', 20);
    await second.saw('"type":"waiting"');
    const third = train('third', 20);
    await third.saw('"type":"waiting"');
    const statuses = JSON.parse(
      (await place.call('runs', 'list', '--json', '--project', place.project)).stdout,
    ) as { name: string; status: string }[];
    expect(Object.fromEntries(statuses.map(({ name, status }) => [name, status]))).toMatchObject({
      busy: 'running',
      second: 'queued',
      third: 'queued',
    });
    const moved = await place.call(
      'runs',
      'move',
      'third',
      '--before',
      'second',
      '--json',
      '--project',
      place.project,
    );
    expect(JSON.parse(moved.stdout)).toEqual({ queue: ['third', 'second'] });
    first.process.kill('SIGINT');
    await first.ended;
    const ends = await Promise.all([second.ended, third.ended]);
    for (const { code, stderr } of ends) expect(code, stderr).toBe(0);
    expect(ends[0].stdout).toContain('"for":"run busy"');
    const details = (await Promise.all(['second', 'third'].map(show))) as unknown as { startedAt: string }[];
    expect(details[1]!.startedAt < details[0]!.startedAt).toBe(true);
  });
});
