import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { loamMain } from '../../tests/browser/harness/sample-project.ts';
import type { StudioPlace } from '../../tests/browser/harness/studio-server.ts';
import { readClicks, recordClicks, summarizeClicks, type Clicks } from './clicks.ts';

/** How soon clicks are answered while the machine trains. */
export interface ClickFigures {
  /** From the press to the next frame. */
  readonly answered: Clicks;
  /** From the press on a screen's name to its title. */
  readonly screens: Clicks;
}

/** The screens, as the navigation names them. */
const screenNames = [
  'Data',
  'Tokenizer',
  'New model',
  'Runs',
  'Compare',
  'Models',
  'Write',
  'Evaluate',
  'Export',
  'Activity',
  'Hardware',
  'Settings',
];

declare global {
  interface Window {
    /** Times from a press to another title, in milliseconds. */
    loamScreens?: number[];
  }
}

/** Trains with all cores, as `loam train` does, until it is ended. */
async function startTraining(place: StudioPlace, project: string, dataset: string): Promise<ChildProcess> {
  const words = `train --dataset ${dataset} --preset shake --steps 100000 --json`.split(' ');
  const child = spawn(process.execPath, [loamMain, ...words, '--project', project], {
    env: place.environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    child.once('close', () => reject(new Error(`The training ended:\n${output}`)));
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-5000);
      if (/"type":"step"/.test(output)) resolve();
    });
  });
  return child;
}

async function endTraining(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGINT');
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await closed;
  clearTimeout(late);
}

/** Goes through all screens by their names, several times, while a run uses all cores. */
export async function measureClicks(
  page: Page,
  place: StudioPlace,
  project: string,
  dataset: string,
  rounds: number,
): Promise<ClickFigures> {
  const training = await startTraining(place, project, dataset);
  try {
    await recordClicks(page);
    await page.evaluate(() => {
      const times: number[] = [];
      window.loamScreens = times;
      const title = (): string => document.querySelector('main h1')?.textContent ?? '';
      addEventListener(
        'click',
        ({ timeStamp, target }) => {
          if (!(target instanceof Element) || target.closest('nav a') === null) return;
          const before = title();
          const look = (): void => {
            const now = title();
            if (now !== '' && now !== before) times.push(performance.now() - timeStamp);
            else if (performance.now() - timeStamp < 5000) requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        },
        true,
      );
    });
    let clicked = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const name of screenNames) {
        await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
        clicked += 1;
        await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
      }
      await page.getByRole('button', { name: 'Go to or do' }).click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      clicked += 1;
    }
    const answered = await readClicks(page, clicked);
    const screens = await page.evaluate(() => window.loamScreens ?? []);
    return { answered, screens: summarizeClicks(screens) };
  } finally {
    await endTraining(training);
  }
}
