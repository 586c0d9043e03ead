import type { Page } from 'playwright-core';

/** How smoothly something moved. Times in milliseconds between one drawn frame and the next. */
export interface Frames {
  readonly count: number;
  readonly median: number;
  /** Time that 95 % of the frames kept within. */
  readonly within95: number;
  readonly longest: number;
  /** Share of the frames that came within 33 ms. */
  readonly smooth: number;
}

/**
 * The limit of a smooth frame: two refreshes of a screen at 60 Hz, with a tenth of a millisecond for the clock's
 * resolution.
 */
const smoothLimit = 33.4;

interface FrameRecorder {
  readonly times: number[];
  stop: boolean;
}

declare global {
  interface Window {
    loamFrames?: FrameRecorder;
  }
}

/** Records the time between frames while something is done to a page. */
export async function recordFrames(page: Page, action: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const recorder: FrameRecorder = { times: [], stop: false };
    window.loamFrames = recorder;
    let last: number | undefined;
    const frame = (at: number): void => {
      if (last !== undefined) recorder.times.push(at - last);
      last = at;
      if (!recorder.stop) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await action();
  const times = await page.evaluate(() => {
    const recorder = window.loamFrames;
    if (recorder === undefined) return [];
    recorder.stop = true;
    return recorder.times;
  });
  return summarizeFrames(times);
}

/** @param times milliseconds between frames; not empty */
export function summarizeFrames(times: readonly number[]): Frames {
  const sorted = times.toSorted((one, other) => one - other);
  return {
    count: times.length,
    median: quantile(sorted, 0.5),
    within95: quantile(sorted, 0.95),
    longest: quantile(sorted, 1),
    smooth: times.filter((time) => time <= smoothLimit).length / times.length,
  };
}

/** The value that a share of some sorted numbers keeps within. */
export function quantile(sorted: readonly number[], share: number): number {
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[index] ?? Number.NaN;
}
