import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { StepMetrics } from '../../../src/shared/runs/events.ts';
import {
  formatBytes,
  formatDuration,
  formatParameters,
  formatRate,
  formatTable,
} from '../../../src/main/hosts/cli/format.ts';
import type { Terminal } from '../../../src/main/hosts/cli/terminal.ts';
import { createTrainingView, progressBar } from '../../../src/main/hosts/cli/training-view.ts';

const metrics = (step: number): StepMetrics => ({
  step,
  loss: 2.34567,
  learningRate: 0.0015,
  gradientNorm: 1,
  tokens: step * 768,
  tokensPerSecond: 12345.6,
  memoryBytes: 412_000_000,
  elapsedSeconds: step / 10,
  remainingSeconds: 105,
});

describe('the bar', () => {
  test('it holds step, losses, rate, speed, memory and time left', () => {
    const bar = stripVTControlCharacters(progressBar(metrics(300), 1500, 2.5, 160));
    expect(bar).toBe(
      '━━━━━───────────────────' +
        ' step 300 of 1,500 · loss 2.3457 · validation 2.5000 · rate 1.5e-3 · 12,346 tokens/s · 412 MB · 1 min 45 s left',
    );
  });

  test('it never takes more than one line, however narrow the terminal', () => {
    for (let columns = 20; columns < 200; columns++)
      expect(stripVTControlCharacters(progressBar(metrics(300), 1500, 2.5, columns)).length).toBeLessThan(
        columns,
      );
  });

  test('it grows with the steps, is full at the last one and stays so beyond it', () => {
    const done = (step: number): number =>
      progressBar(metrics(step), 100, undefined, 160).match(/━/g)?.length ?? 0;
    expect([0, 25, 50, 100, 150].map(done)).toEqual([0, 6, 12, 24, 24]);
  });
});

/** A terminal that keeps what it is told. */
function recordingTerminal(options: { readonly json: boolean; readonly redraws: boolean }) {
  const said: string[] = [];
  const drawn: string[] = [];
  const records: unknown[] = [];
  const terminal: Terminal = {
    ...options,
    quiet: false,
    columns: () => 120,
    result: () => undefined,
    record: (value) => records.push(value),
    stream: () => undefined,
    say: (text) => said.push(text),
    draw: (line) => drawn.push(line),
    clear: () => undefined,
    warn: (text) => said.push(text),
  };
  return { terminal, said, drawn, records };
}

describe('the view of a training run', () => {
  test('where lines can be redrawn a step is drawn ten times a second at most, else said every ten seconds, and the last one always', () => {
    const run = (
      redraws: boolean,
    ): { readonly drawn: readonly string[]; readonly said: readonly string[] } => {
      const { terminal, drawn, said } = recordingTerminal({ json: false, redraws });
      let now = 0;
      const view = createTrainingView(terminal, () => now);
      view.show({
        type: 'started',
        process: 1,
        objective: 'next-token',
        engine: 'onnxruntime',
        threads: 2,
        steps: 500,
      });
      for (let step = 1; step <= 500; step++) {
        now += 50;
        view.show({ type: 'step', metrics: metrics(step) });
      }
      return { drawn, said };
    };
    expect(run(true).drawn).toHaveLength(251);
    const plain = run(false);
    expect(plain.drawn).toEqual([]);
    expect(plain.said.filter((line) => line.startsWith('step')).map((line) => line.split(' ')[1])).toEqual([
      '1',
      '201',
      '401',
      '500',
    ]);
  });

  test('what a run waits for is said once for as long as it stays the same', () => {
    const { terminal, said } = recordingTerminal({ json: false, redraws: false });
    const view = createTrainingView(terminal, () => 0);
    for (const waitsFor of ['run a', 'run b', 'run b', 'run a'])
      view.show({ type: 'waiting', for: waitsFor, ahead: 1 });
    expect(said.map((line) => /run \w/.exec(line)?.[0])).toEqual(['run a', 'run b', 'run a']);
  });

  test('every report is a record, whatever is shown', () => {
    const { terminal, records } = recordingTerminal({ json: true, redraws: false });
    const view = createTrainingView(terminal, () => 0);
    for (const step of [1, 2, 3]) view.show({ type: 'step', metrics: metrics(step) });
    view.show({ type: 'checkpointRemoved', step: 1, folder: 'x' });
    expect(records).toHaveLength(4);
  });
});

describe('numbers for people', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_600, '1.0 MB'],
    [1_234_567_890, '1.2 GB'],
  ])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [105, '1 min 45 s'],
    [3599.6, '1 h 0 min'],
    [90_061, '25 h 1 min'],
  ])('%f seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test('rates, parameters and tables', () => {
    expect(formatRate(0.001)).toBe('1e-3');
    expect(formatRate(0.00018)).toBe('1.8e-4');
    expect(formatParameters(823_296)).toBe('0.82 million');
    expect(formatParameters(124_439_808)).toBe('124 million');
    expect(
      formatTable(
        ['name', 'loss'],
        [
          ['first', '2.5'],
          ['b', '12.25'],
        ],
      ),
    ).toBe('name    loss\nfirst    2.5\nb      12.25');
  });
});
