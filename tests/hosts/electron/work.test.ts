import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { noteKnownProject } from '../../../src/main/studio/projects/known-projects.ts';
import { createProject } from '../../../src/main/studio/projects/projects.ts';
import type { RunConfigurationInput } from '../../../src/shared/runs/configuration.ts';
import { sampleText } from '../cli/loam.ts';
import { buildDesktop, type BuiltDesktop } from './built-desktop.ts';
import { startDesktop, type Desktop, type DesktopOptions } from './desktop.ts';

/** For what takes a moment, on a machine that does much else. */
const patience = { timeout: 15_000 };
// Real runs in real processes.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let built: BuiltDesktop;
let folder: string;
const running: Desktop[] = [];
beforeAll(async () => {
  built = await buildDesktop();
  folder = await mkdtemp(join(tmpdir(), 'loam-work-'));
  await writeFile(join(folder, 'records.txt'), sampleText(300));
});
afterEach(async () => {
  for (const desktop of running.splice(0)) await desktop.end();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const configuration = (steps: number): RunConfigurationInput => ({
  model: { contextLength: 16, hiddenSize: 32, layers: 1, heads: 2 },
  tokenizer: { kind: 'char' },
  training: { steps, batchSize: 4, evaluationInterval: 20, sample: { maximumTokens: 4 } },
  engine: { threads: 1 },
});

let projects = 0;
/** The application with a project of texts open in it. */
async function start(options: DesktopOptions = {}) {
  projects += 1;
  const project = join(folder, `project-${projects}`);
  await createProject(project);
  const desktop = await startDesktop(built, options);
  noteKnownProject(project, null, desktop.home);
  running.push(desktop);
  const client = desktop.page.client(project);
  const finished = async (job: number): Promise<void> => {
    await expect
      .poll(async () => (await client.jobs.show({ id: job })).status, { timeout: 60_000 })
      .not.toBe('running');
    expect(await client.jobs.show({ id: job })).toMatchObject({ status: 'completed' });
  };
  await finished(
    (await client.datasets.import({ name: 'records', paths: [join(folder, 'records.txt')] })).job,
  );
  const train = async (steps: number): Promise<string> => {
    const { run, job } = await client.runs.create({
      dataset: 'records',
      configuration: configuration(steps),
      start: true,
      baseName: 'model',
    });
    await finished(job);
    return run;
  };
  const statusOf = async (run: string) => (await client.runs.show({ name: run })).status;
  return { ...desktop, project, client, finished, train, statusOf };
}

const endless = 1_000_000;

describe('From a file to an exported model, over the window’s port', () => {
  test('every step works in the built application, its work in processes of its own', async () => {
    const { client, train, statusOf, finished, double } = await start();
    const { documents } = await client.datasets.show({ name: 'records' });
    expect(documents).toBeGreaterThan(0);
    const run = await train(30);
    await expect.poll(() => statusOf(run), { timeout: 60_000 }).toBe('completed');
    const { series } = await client.runs.metrics({ run });
    expect(series.loss?.last.length).toBeGreaterThan(0);

    const chat = await client.chats.create({
      mode: 'write',
      checkpoints: [`${run}@best`],
      settings: { maximumTokens: 8 },
    });
    const { replies } = await client.chats.write({
      chat: chat.chat,
      prompt: 'The pump',
      checkpoints: [`${run}@best`],
      settings: { maximumTokens: 8 },
    });
    let text = '';
    for await (const delta of await client.chats.follow({ reply: replies[0] ?? 0, from: 0 }))
      text += delta.text;
    expect(text.length).toBeGreaterThan(0);

    const exported = await client.exports.run({ checkpoint: `${run}@best`, format: 'onnx' });
    await finished(exported.job);
    expect(await client.exports.list()).toMatchObject([{ format: 'onnx', present: true }]);
    const kinds = new Set(double.record.workers.map(({ serviceName }) => serviceName));
    for (const kind of ['Loam preparation', 'Loam training', 'Loam writing', 'Loam export'])
      expect(kinds, kind).toContain(kind);
  });
});

test('A page that is reloaded finds its run as it is, pauses it and goes on with it', async () => {
  const { client, page, project, train, statusOf } = await start();
  const watching = await client.changes.watch();
  await watching.next();
  const run = await train(endless);
  await expect.poll(() => statusOf(run), { timeout: 40_000 }).toBe('running');

  const reloaded = page.client(project);
  await expect
    .poll(async () => (await reloaded.runs.show({ name: run })).step, { timeout: 40_000 })
    .toBeGreaterThan(5);
  await reloaded.runs.pause({ name: run });
  await expect
    .poll(async () => (await reloaded.runs.show({ name: run })).status, { timeout: 40_000 })
    .toBe('paused');
  await expect
    .poll(async () => (await reloaded.jobs.list()).filter(({ status }) => status === 'running'), patience)
    .toEqual([]);
  const { step } = await reloaded.runs.show({ name: run });
  await reloaded.runs.start({ name: run });
  await expect
    .poll(async () => (await reloaded.runs.show({ name: run })).step, { timeout: 40_000 })
    .toBeGreaterThan(step);
  // What the page watched before goes on telling, until it lets go.
  expect((await watching.next()).done).toBe(false);
  await watching.return(undefined);
  await reloaded.runs.stop({ name: run });
});

describe('While a run trains', () => {
  test('its progress is shown, the machine stays awake, and its end is told', async () => {
    const { window, double, train, statusOf, page } = await start();
    const run = await train(1500);
    await expect.poll(() => window.progress.mode, { timeout: 40_000 }).not.toBe('none');
    expect(double.record.powerBlockers.size).toBe(1);
    // At its first message a run may stand at its first step still.
    await expect
      .poll(() => window.progress.mode === 'normal' && window.progress.value > 0, { timeout: 40_000 })
      .toBe(true);
    expect(window.progress.value).toBeLessThanOrEqual(1);
    window.focused = false;
    await expect.poll(() => statusOf(run), { timeout: 60_000 }).toBe('completed');
    await expect.poll(() => double.record.notifications.length, { timeout: 15_000 }).toBe(1);
    expect(double.record.powerBlockers.size).toBe(0);
    expect(window.progress.mode).toBe('none');
    const [notification] = double.record.notifications;
    expect(notification?.options.title).toBe(`The run ${run} has ended`);
    expect(notification?.shown).toBe(true);
    const asked: string[] = [];
    page.bridge.onOpenProject((project) => asked.push(project));
    notification?.emit('click');
    await expect.poll(() => window.loaded?.url, patience).toBe(`loam://studio/#/runs/${run}`);
    expect(asked).toHaveLength(1);
  });

  test('closing the window asks; "Cancel" leaves everything as it is', async () => {
    const { window, double, train, statusOf } = await start();
    const run = await train(endless);
    await expect.poll(() => statusOf(run), { timeout: 40_000 }).toBe('running');
    double.record.answers.push(2);
    expect(window.close()).toBe(false);
    await expect.poll(() => double.record.questions, patience).toHaveLength(1);
    const [question] = double.record.questions;
    expect(question?.message).toBe(`Train ${run} is still under way.`);
    expect(question?.buttons).toEqual(['Keep Going in the Background', 'Pause and Quit', 'Cancel']);
    expect([window.visible, window.destroyed, double.record.quits]).toEqual([true, false, 0]);
    expect(await statusOf(run)).toBe('running');
  });

  test('work on engines, which belongs to no project, is asked about too', async () => {
    const { window, double, client } = await start();
    await client.engines.benchmark();
    double.record.answers.push(2);
    expect(window.close()).toBe(false);
    await expect.poll(() => double.record.questions, patience).toHaveLength(1);
    expect(double.record.questions[0]?.message).toBe('Measure the engines is still under way.');
    expect((await client.engines.work())?.status).toBe('running');
    expect(double.record.quits).toBe(0);
  });

  test('"Pause and Quit" has it save a checkpoint first; it goes on from there at the next start', async () => {
    const first = await start();
    const run = await first.train(endless);
    await expect
      .poll(async () => (await first.client.runs.show({ name: run })).step, { timeout: 40_000 })
      .toBeGreaterThan(5);
    first.double.record.answers.push(1);
    first.window.close();
    await expect.poll(() => first.double.record.quits, { timeout: 30_000 }).toBe(1);
    expect(first.window.destroyed).toBe(true);

    const second = await startDesktop(built, { home: first.home });
    running.push(second);
    const client = second.page.client(first.project);
    const paused = await client.runs.show({ name: run });
    expect(paused.status).toBe('paused');
    expect(paused.checkpoints.at(-1)?.step).toBe(paused.step);
  });

  test('the system that shuts down waits until it has saved a checkpoint, and only then', async () => {
    const { double, train, client } = await start();
    const run = await train(endless);
    await expect
      .poll(async () => (await client.runs.show({ name: run })).step, { timeout: 40_000 })
      .toBeGreaterThan(5);
    let held = 0;
    double.module.powerMonitor.emit('shutdown', { preventDefault: () => (held += 1) });
    expect(held).toBe(1);
    await expect.poll(() => double.record.quits, { timeout: 30_000 }).toBe(1);
    const idle = await start();
    idle.double.module.powerMonitor.emit('shutdown', { preventDefault: () => (held += 1) });
    expect(held).toBe(1);
    await expect.poll(() => idle.double.record.quits, { timeout: 30_000 }).toBe(1);
  });

  test('"Keep Going" hides the window; a second start brings it back; the application ends with the work', async () => {
    const { window, double, train, statusOf, client } = await start();
    const run = await train(endless);
    await expect.poll(() => statusOf(run), { timeout: 40_000 }).toBe('running');
    double.record.answers.push(0);
    window.close();
    await expect.poll(() => window.visible, patience).toBe(false);
    expect([window.destroyed, double.record.quits, await statusOf(run)]).toEqual([false, 0, 'running']);
    double.module.app.emit('second-instance', {}, ['loam'], '/', {});
    expect(window.visible).toBe(true);
    double.record.answers.push(0);
    window.close();
    await expect.poll(() => window.visible, patience).toBe(false);
    await client.runs.stop({ name: run });
    await expect.poll(() => double.record.quits, { timeout: 30_000 }).toBe(1);
  });
});

test('On a Mac closing the window hides it, and quitting ends the application', async () => {
  const { window, double } = await start({ platform: 'darwin' });
  const before = process.platform;
  Object.defineProperty(process, 'platform', { value: 'darwin' });
  try {
    expect(window.close()).toBe(false);
    expect([window.visible, double.record.quits]).toEqual([false, 0]);
    double.module.app.emit('activate');
    expect(window.visible).toBe(true);
    double.module.app.quit();
    await expect.poll(() => double.record.quits, { timeout: 30_000 }).toBe(1);
  } finally {
    Object.defineProperty(process, 'platform', { value: before });
  }
});

test('A worker whose process is killed fails its job in words, and the application goes on', async () => {
  const { double, train, client, statusOf } = await start();
  const run = await train(endless);
  await expect.poll(() => statusOf(run), { timeout: 40_000 }).toBe('running');
  const worker = double.record.workers.find(({ serviceName }) => serviceName === 'Loam training');
  if (worker?.pid === undefined) throw new Error('No worker trains.');
  process.kill(worker.pid, 'SIGKILL');
  await expect.poll(() => statusOf(run), { timeout: 30_000 }).toBe('interrupted');
  const job = (await client.jobs.list()).find(({ kind }) => kind === 'training');
  expect(job).toMatchObject({
    status: 'failed',
    error: { kind: 'environment', what: expect.stringContaining('ended unexpectedly') },
  });
});
