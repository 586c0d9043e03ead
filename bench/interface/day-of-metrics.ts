import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openGrowingRecord } from './long-run.ts';
import { openMemoryGauge, type PageMemory } from './page-memory.ts';

/** What a page holds while a run that it shows goes on for a day. */
export interface DayFigures {
  readonly steps: number;
  /** After each tenth of the day. */
  readonly tenths: readonly PageMemory[];
}

const secondsInDay = 86_400;
/** How often the page is given something new; it looks every fifth of a second. */
const pause = 150;

/** Shows a run, and lets its record grow by a day of steps, one a second, as fast as the page follows. */
export async function measureDay(
  page: Page,
  project: string,
  run: string,
  quick: boolean,
): Promise<DayFigures> {
  const gauge = await openMemoryGauge(page);
  const record = openGrowingRecord(project, run, 1);
  const steps = quick ? secondsInDay / 20 : secondsInDay;
  const parts = quick ? 20 : 200;
  const tenths: PageMemory[] = [];
  try {
    for (let part = 1; part <= parts; part += 1) {
      record.grow(Math.round(steps / parts));
      await wait(pause);
      if (part % (parts / 10) === 0) tenths.push(await gauge());
    }
    // The page has followed to the end.
    const last = record.step().toLocaleString('en');
    await page
      .getByRole('main')
      .getByText(new RegExp(`^${last} of `))
      .first()
      .waitFor();
  } finally {
    record.close();
  }
  return { steps, tenths };
}
