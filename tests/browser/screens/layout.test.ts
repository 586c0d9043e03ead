import { expect } from 'vitest';
import { screens, settled } from '../harness/screens.ts';
import { desktop, laptop } from '../harness/studio-page.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

for (const [name, viewport] of Object.entries({ laptop, desktop }))
  test(`every screen fits the window of a ${name}: nothing is cut off at its side`, async ({
    open,
    project,
  }) => {
    const { page } = await open({ project, viewport });
    const wide: string[] = [];
    for (const { name: screen, path, chosen } of screens) {
      await page.goto(`${new URL(page.url()).origin}/#${chosen ?? path}`);
      await settled(page);
      const overflow = await page.evaluate(() => {
        const main = document.querySelector('main') ?? document.body;
        return Math.max(
          main.scrollWidth - main.clientWidth,
          document.documentElement.scrollWidth - document.documentElement.clientWidth,
          document.documentElement.scrollHeight - document.documentElement.clientHeight,
        );
      });
      if (overflow > 0) wide.push(`${screen} by ${overflow} pixels`);
    }
    expect(wide).toEqual([]);
  });
