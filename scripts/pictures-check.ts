import { cpSync, rmSync, existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { flipBit } from '../tests/faults/flip-bit.ts';
import { trainSampleProject, sample } from '../tests/browser/harness/sample-project.ts';
import { settled } from '../tests/browser/harness/screens.ts';
import { launchBrowser, openStudioPage } from '../tests/browser/harness/studio-page.ts';
import { makePlace, serveStudio, knowProject } from '../tests/browser/harness/studio-server.ts';

const out = '/tmp/pictures-check'; await mkdir(out, { recursive: true });
const place = await makePlace('loam-pictures-');
await mkdir(place.projectsFolder, { recursive: true });
const project = join(place.projectsFolder, 'Service desk');
await trainSampleProject({ folder: project, home: place.folder, steps: 60 });
const damagedProject = join(place.projectsFolder, 'Damaged desk');
knowProject(place, project);
cpSync(project, damagedProject, { recursive: true });
knowProject(place, damagedProject);
await rm(join(damagedProject, 'runs', sample.run, 'configuration.json'));
await flipBit(join(damagedProject, 'tokenizers', sample.tokenizer, 'tokenizer.json'), 888);
await rm(join(damagedProject, 'tokenizers', sample.tokenizer, 'loam'), { recursive: true, force: true });
const d = new SqliteDatabase(join(damagedProject, 'loam.sqlite'));
d.exec("UPDATE runs SET notes = 'changed by another program'; UPDATE storeState SET changes = changes - 12; DELETE FROM checkpoints WHERE step = 60");
d.close();
const server = await serveStudio(place);
const browser = await launchBrowser();
const sizes = [[800, 700], [1280, 800], [1920, 1080]] as const;
async function shots(name: string, p: string, path = '/check', prepare?: (page: any) => Promise<void>, full = false) {
  for (const [width, height] of sizes) for (const colorScheme of ['light', 'dark'] as const) {
    const { page, context } = await openStudioPage(browser, server, { project: p, path, colorScheme, viewport: { width, height } });
    await settled(page); await prepare?.(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(out, `${name}-${width}-${colorScheme}.png`) });
    await context.close();
  }
}
await shots('empty', project);
for (const p of [project, damagedProject]) {
  const { page, context } = await openStudioPage(browser, server, { project: p, path: '/check', viewport: { width: 1280, height: 800 } });
  await settled(page);
  await page.getByRole('button', { name: 'Check now' }).click();
  for (let i = 0; i < 12; i++) { await page.waitForTimeout(120); if (p === project) await page.screenshot({ path: join(out, `running-${i}.png`) }); }
  await page.getByText(/^Checked /).waitFor({ timeout: 60000 });
  await context.close();
}
await shots('healthy', project);
await shots('damaged', damagedProject);
await shots('settings', damagedProject, '/settings');
await shots('repair', damagedProject, '/check', async (page) => { await page.getByRole('button', { name: /^Repair/ }).click(); });
await shots('accept', damagedProject, '/check', async (page) => { await page.getByRole('button', { name: /^Take/ }).click(); });
{
  const { page, context } = await openStudioPage(browser, server, { project: damagedProject, path: '/check', viewport: { width: 1280, height: 800 } });
  await settled(page);
  await page.getByRole('button', { name: /^Repair/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Repair' }).click();
  await page.getByText('Written again').waitFor({ timeout: 60000 });
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(out, `repaired.png`) });
  await context.close();
}
await browser.close(); await server.stop(); await place.remove();
