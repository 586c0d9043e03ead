import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** A serious or critical violation, as a line that says what and where. */
async function findViolations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html}\n${failureSummary ?? ''}`),
    );
}

/** Looks for accessibility violations of the page in light and in dark. @returns a line for each that is serious. */
export async function findAccessibilityFaults(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const violation of await findViolations(page)) faults.push(`${colorScheme}: ${violation}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return faults;
}
