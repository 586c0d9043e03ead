import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

/** Goes through a screen by Tab. @returns what had the keyboard while something else lay over its middle. */
async function findCovered(page: Page): Promise<readonly string[]> {
  await page.getByRole('main').focus();
  const covered: string[] = [];
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const fault = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element.closest('main') === null) return undefined;
      const { left, top, width, height } = element.getBoundingClientRect();
      // What is only there for those who listen has no place.
      if (width < 2 || height < 2) return undefined;
      const over = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 200));
      if (over !== null && (element.contains(over) || over.contains(element))) return undefined;
      return `${element.getAttribute('aria-label') ?? element.textContent} under ${over?.tagName ?? 'nothing'}`;
    });
    if (fault !== undefined) covered.push(fault);
  }
  return covered;
}

test('what has the keyboard is never covered by a bar that stays in view', async ({ open, project }) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  const steps = page.getByRole('navigation', { name: 'Steps to a model' });
  for (const step of [/^Data/, /^Model/, /^Time/]) {
    await steps.getByRole('button', { name: step }).click();
    expect(await findCovered(page), String(step)).toEqual([]);
  }
});
