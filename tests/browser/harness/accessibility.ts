import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** A theme changes colours and nothing else. */
const rulesOfColor = ['color-contrast', 'link-in-text-block'];

/** A serious or critical violation, as a line that says what and where. */
async function findViolations(page: Page, rules: readonly string[] | 'all'): Promise<readonly string[]> {
  // The pages have no frames of other origins, for whose results axe would open a page of its own each time; and of rules
  // that hold nothing is asked.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await (rules === 'all' ? axe : axe.withRules([...rules])).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html}\n${failureSummary ?? ''}`),
    );
}

/** Waits for colours that are on their way to another one: in between they have less contrast. */
async function colorsSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => void requestAnimationFrame(resolve));
    await frame();
    await frame();
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** Looks for accessibility violations of the page in light and in dark. @returns a line for each that is serious. */
export async function findAccessibilityFaults(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await colorsSettled(page);
    const rules = colorScheme === 'light' ? 'all' : rulesOfColor;
    for (const violation of await findViolations(page, rules)) faults.push(`${colorScheme}: ${violation}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return faults;
}
