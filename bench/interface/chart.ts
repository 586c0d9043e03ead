import type { Page } from 'playwright-core';
import { recordFrames, type Frames } from './frames.ts';

/** How a long run's chart opens and moves. */
export interface ChartFigures {
  readonly steps: number;
  /** From the press on the run to the first frame with its curve, in milliseconds. */
  readonly openMilliseconds: readonly number[];
  readonly pan: Frames;
  /** How often the chart was drawn anew while it was moved. */
  readonly drawn: number;
}

declare global {
  interface Window {
    /** How often a canvas was cleared, which a chart does before it is drawn. */
    loamDrawn?: number;
  }
}

/** A chart that moved has been drawn at least this often: the drags take some seconds. */
const fewestDrawn = 50;

/** Opens a run from the list of runs, and moves its chart of losses by the pointer. */
export async function measureChart(
  page: Page,
  origin: string,
  run: string,
  steps: number,
  repetitions: number,
): Promise<ChartFigures> {
  const openMilliseconds: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    // A new page each time: nothing is left of what was fetched before.
    await page.goto(`${origin}/#/runs`);
    await page.reload();
    const link = page.getByRole('main').getByRole('link', { name: run, exact: true });
    await link.waitFor();
    openMilliseconds.push(await openChart(page, run));
  }
  return { steps, openMilliseconds, ...(await pan(page)) };
}

/** @returns milliseconds from the press on the run's link until the curve is drawn. */
async function openChart(page: Page, run: string): Promise<number> {
  return page.evaluate(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const link = [...document.querySelectorAll<HTMLAnchorElement>('main a')].find(
          ({ textContent }) => textContent.trim() === name,
        );
        if (link === undefined) {
          reject(new Error(`There is no link to ${name}.`));
          return;
        }
        const coloured = (canvas: HTMLCanvasElement): boolean => {
          const { width, height } = canvas;
          const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data;
          if (pixels === undefined) return false;
          let found = 0;
          // The curve is coloured, axes and their numbers are grey.
          for (let place = 0; place < pixels.length; place += 4) {
            const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray(place, place + 4);
            if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40) found += 1;
          }
          return found > 200;
        };
        const begin = performance.now();
        const look = (): void => {
          const canvas = document.querySelector<HTMLCanvasElement>('main canvas');
          if (canvas !== null && canvas.width > 0 && coloured(canvas)) resolve(performance.now() - begin);
          else requestAnimationFrame(look);
        };
        link.click();
        requestAnimationFrame(look);
      }),
    run,
  );
}

/** Zooms into the first chart of a page and drags what is shown to and fro. */
async function pan(page: Page): Promise<Pick<ChartFigures, 'pan' | 'drawn'>> {
  const chart = page.getByRole('main').locator('.u-over').first();
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('The chart is not drawn.');
  const middle = box.y + box.height / 2;
  // Half of it at first, so that there is something on either side to move to.
  await page.mouse.move(box.x + box.width * 0.3, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, middle, { steps: 5 });
  await page.mouse.up();
  await page.evaluate(() => {
    const { prototype } = CanvasRenderingContext2D;
    window.loamDrawn = 0;
    const counted = new Proxy(Reflect.get(prototype, 'clearRect') as () => void, {
      apply: (clear, context, area) => {
        window.loamDrawn = (window.loamDrawn ?? 0) + 1;
        return Reflect.apply(clear, context, area);
      },
    });
    Reflect.set(prototype, 'clearRect', counted);
  });
  const frames = await recordFrames(page, async () => {
    for (let drag = 0; drag < 6; drag += 1) {
      const [from, to] = drag % 2 === 0 ? [0.7, 0.4] : [0.4, 0.7];
      await page.keyboard.down('Shift');
      await page.mouse.move(box.x + box.width * from, middle);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * to, middle, { steps: 40 });
      await page.mouse.up();
      await page.keyboard.up('Shift');
    }
  });
  const drawn = await page.evaluate(() => window.loamDrawn ?? 0);
  if (drawn < fewestDrawn) throw new Error(`The chart did not move: it was drawn ${drawn} times.`);
  return { pan: frames, drawn };
}
