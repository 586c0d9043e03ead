import type { Page } from 'playwright-core';
import { quantile } from './frames.ts';

/** How soon a page answered clicks, in milliseconds. */
export interface Clicks {
  readonly count: number;
  readonly median: number;
  readonly within95: number;
  readonly longest: number;
}

declare global {
  interface Window {
    /** Durations of the clicks so far, by the number of the interaction. */
    loamClicks?: Map<number, number>;
  }
}

/** The Event Timing API tells of no event that was answered sooner; such a click counts as this long. */
const shortest = 16;

/**
 * Has a page record how long each click takes from the press to the next frame that is drawn, as the Event Timing API
 * measures it (the measure behind "interaction to next paint").
 */
export async function recordClicks(page: Page): Promise<void> {
  await page.evaluate((durationThreshold) => {
    const clicks = new Map<number, number>();
    window.loamClicks = clicks;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceEventTiming[]) {
        const { interactionId } = entry;
        if (interactionId > 0)
          clicks.set(interactionId, Math.max(clicks.get(interactionId) ?? 0, entry.duration));
      }
    }).observe({ type: 'event', durationThreshold, buffered: false } as PerformanceObserverInit);
  }, shortest);
}

/** @param clicked how many clicks were made since `recordClicks`. */
export async function readClicks(page: Page, clicked: number): Promise<Clicks> {
  const slow = await page.evaluate(() => [...(window.loamClicks ?? new Map<number, number>()).values()]);
  const quick = Array.from({ length: Math.max(0, clicked - slow.length) }, () => shortest);
  return summarizeClicks([...quick, ...slow]);
}

export function summarizeClicks(durations: readonly number[]): Clicks {
  const sorted = durations.toSorted((one, other) => one - other);
  return {
    count: sorted.length,
    median: quantile(sorted, 0.5),
    within95: quantile(sorted, 0.95),
    longest: quantile(sorted, 1),
  };
}
