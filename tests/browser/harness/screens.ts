import type { Page } from 'playwright-core';
import { sample } from './sample-project.ts';

/** A screen, and where it shows something of the sample project. */
export interface Screen {
  readonly name: string;
  readonly path: string;
  /** With something of the sample project chosen. */
  readonly chosen?: string;
}

/** All screens of a project. */
export const screens: readonly Screen[] = [
  { name: 'data', path: '/data', chosen: `/data?dataset=${sample.dataset}` },
  { name: 'tokenizers', path: '/tokenizers' },
  { name: 'new-model', path: '/new-model', chosen: `/new-model?dataset=${sample.dataset}` },
  { name: 'runs', path: '/runs' },
  { name: 'run', path: `/runs/${sample.run}` },
  { name: 'compare', path: '/compare' },
  { name: 'models', path: '/models' },
  { name: 'write', path: '/write', chosen: `/write?checkpoint=${sample.run}@best` },
  { name: 'evaluate', path: '/evaluate', chosen: `/evaluate?checkpoint=${sample.run}@best` },
  { name: 'export', path: '/export', chosen: `/export?checkpoint=${sample.run}@best` },
  { name: 'activity', path: '/activity' },
  { name: 'check', path: '/check' },
  { name: 'settings', path: '/settings' },
  { name: 'hardware', path: '/hardware' },
];

/** Waits until a screen is there with what it fetches. */
export async function settled(page: Page): Promise<void> {
  const main = page.getByRole('main');
  await main.getByRole('heading', { level: 1 }).waitFor();
  await main.locator('[role=status][aria-busy=true]').first().waitFor({ state: 'detached' });
}
