import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtPages } from '../tests/browser/harness/built-pages.ts';
import { measureBundle, type BundleSize } from '../tests/browser/harness/bundle-size.ts';
import { loamMain, sample, trainSampleProject } from '../tests/browser/harness/sample-project.ts';
import { settled } from '../tests/browser/harness/screens.ts';
import { launchBrowser, openStudioPage } from '../tests/browser/harness/studio-page.ts';
import { makePlace, serveStudio } from '../tests/browser/harness/studio-server.ts';
import type { Benchmark } from './harness/context.ts';
import { figure, verdict } from './harness/presentation.ts';
import { median } from './harness/statistics.ts';
import { measureChart, type ChartFigures } from './interface/chart.ts';
import { measureClicks, type ClickFigures } from './interface/clicks-under-load.ts';
import { measureDay, type DayFigures } from './interface/day-of-metrics.ts';
import { measureFirstScreen } from './interface/first-screen.ts';
import type { Frames } from './interface/frames.ts';
import { openGrowingRecord } from './interface/long-run.ts';
import { measureRows, writeRecords, type RowFigures } from './interface/rows.ts';

interface InterfaceData {
  readonly browser: string;
  readonly bundle: BundleSize;
  readonly firstScreen: readonly number[];
  readonly chart: ChartFigures;
  readonly rows: RowFigures;
  readonly clicks: ClickFigures;
  readonly day: DayFigures;
}

const million = 1_000_000;
const records = 'records';
/** A run whose record is a day long when it has been measured. */
const dayRun = sample.run;
const longRun = 'long-run';

/** How quick and smooth the pages are, in a browser without a graphics processor. */
export const interfaceBenchmark: Benchmark<InterfaceData> = {
  name: 'interface',
  summary: 'the pages: long charts, long tables, clicks while a model trains, a day of metrics',
  withoutPeers: true,
  async run({ options, say }) {
    const { quick, repetitions } = options;
    const place = await makePlace('loam-bench-');
    const project = join(place.folder, 'project');
    const loam = (...words: string[]) =>
      promisify(execFile)(process.execPath, [loamMain, ...words, '--project', project], {
        env: place.environment,
        maxBuffer: 64 * 2 ** 20,
      });
    try {
      say('interface: a project with a model, a long run and a long dataset');
      await trainSampleProject({ folder: project, home: place.folder, steps: 20 });
      await loam(
        ...`train --dataset ${sample.dataset} --tokenizer ${sample.tokenizer}`.split(' '),
        ...`--preset nano --steps 1 --name ${longRun}`.split(' '),
      );
      const steps = quick ? million / 20 : million;
      const record = openGrowingRecord(project, longRun, 0.03);
      record.grow(steps);
      record.close();
      const file = join(place.folder, 'records.jsonl');
      await writeRecords(file, steps);
      await loam('dataset', 'import', records, file);
      await writeFile(file, '');

      const bundle = await measureBundle(await builtPages());
      const server = await serveStudio(place);
      // Without a graphics processor: Chromium draws with the processor, as on a plain office machine or a server.
      const browser = await launchBrowser({ arguments: ['--disable-gpu'] });
      try {
        say('interface: the first screen');
        const firstScreen: number[] = [];
        for (let count = 0; count < repetitions * 3; count += 1)
          firstScreen.push(await measureFirstScreen(browser, server));

        say(`interface: the chart of ${steps.toLocaleString('en')} steps`);
        const { page } = await openStudioPage(browser, server, { project, path: '/runs' });
        const chart = await measureChart(page, server.origin, longRun, steps, repetitions);

        say(`interface: the table of ${steps.toLocaleString('en')} documents`);
        await page.goto(`${server.origin}/#/data?dataset=${records}`);
        await settled(page);
        const rows = await measureRows(page, steps);

        say('interface: a day of metrics');
        await page.goto(`${server.origin}/#/runs/${dayRun}`);
        await settled(page);
        const day = await measureDay(page, project, dayRun, quick);

        say('interface: clicks while a model trains');
        const clicks = await measureClicks(page, place, project, sample.dataset, quick ? 1 : 8);
        return { browser: browser.version(), bundle, firstScreen, chart, rows, clicks, day };
      } finally {
        await browser.close();
        await server.stop();
      }
    } finally {
      await place.remove();
    }
  },
  present({ browser, bundle, firstScreen, chart, rows, clicks, day }) {
    const worst = (values: readonly number[]): number => Math.max(...values);
    const head = ['', 'measured', 'to reach', ''];
    const milliseconds = (name: string, value: number, target: number): readonly string[] => [
      name,
      `${figure(value)} ms`,
      `≤ ${figure(target)} ms`,
      verdict(value, target),
    ];
    const smoothness = (what: string, { within95, longest }: Frames): (readonly string[])[] => [
      milliseconds(`${what}: 95 % of frames within`, within95, 33.4),
      milliseconds(`${what}: longest frame`, longest, 100),
    ];
    const [early, late] = [day.tenths[0], day.tenths.at(-1)];
    const growth = ((late?.heapBytes ?? Number.NaN) - (early?.heapBytes ?? Number.NaN)) / 1e6;
    return {
      title: 'The pages',
      tables: [
        {
          caption: `Chromium ${browser} without a window and without a graphics processor, 1280 × 800`,
          head,
          rows: [
            milliseconds('first screen usable, worst', worst(firstScreen), 1500),
            milliseconds(
              `chart of ${chart.steps.toLocaleString('en')} steps opens, worst`,
              worst(chart.openMilliseconds),
              1000,
            ),
            ...smoothness('moving that chart', chart.pan),
            ...smoothness(`scrolling ${rows.rows.toLocaleString('en')} documents`, rows.scroll),
            milliseconds('click answered while a run trains, 95 %', clicks.answered.within95, 100),
            [
              `heap after a day of metrics (${day.steps.toLocaleString('en')} steps), against a tenth of it`,
              `${growth >= 0 ? '+' : '−'}${figure(Math.abs(growth))} MB of ${figure((late?.heapBytes ?? Number.NaN) / 1e6)} MB`,
              '≤ +3 MB',
              verdict(growth, 3),
            ],
            [
              'scripts and styles without Monaco, compressed',
              `${figure(bundle.pages / 1000)} kB`,
              '≤ 600 kB',
              verdict(bundle.pages, 600_000),
            ],
          ],
        },
        {
          caption: 'In more detail',
          head: ['', 'median', '95 %', 'longest', 'count'],
          rows: [
            [
              'first screen, ms',
              figure(median(firstScreen)),
              '',
              figure(worst(firstScreen)),
              String(firstScreen.length),
            ],
            [
              'chart opens, ms',
              figure(median(chart.openMilliseconds)),
              '',
              figure(worst(chart.openMilliseconds)),
              String(chart.openMilliseconds.length),
            ],
            ...(
              [
                ['frames of the chart, ms', chart.pan],
                ['frames of the table, ms', rows.scroll],
                ['clicks answered, ms', clicks.answered],
                ['another screen’s title after its name was pressed, ms', clicks.screens],
              ] as const
            ).map(([name, { median: middle, within95, longest, count }]) => [
              name,
              figure(middle),
              figure(within95),
              figure(longest),
              String(count),
            ]),
          ],
        },
      ],
      notes: [
        'A frame counts as within 33 ms up to 33.4 ms: two refreshes at 60 Hz. Clicks by the Event Timing API, from the press to the next frame; those that it does not tell of, since they took less, count 16 ms. While clicks are measured, `loam train` uses all cores.',
        'The day of metrics is written to the store as a training process writes it, a step for each second of the day, as fast as the page follows; its heap is read after a garbage collection. The browser’s own processes are among the other programs that are told of below.',
      ],
    };
  },
};
