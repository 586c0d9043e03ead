import { settled } from '../harness/screens.ts';
import { test } from '../harness/studio-test.ts';

test('the sample project fills itself while one looks on; what is under way is shown, can be stopped, and its end is kept', async ({
  open,
}) => {
  const { page } = await open();
  await page.getByRole('button', { name: 'Make the sample project' }).click();
  const navigation = page.getByRole('navigation');
  await navigation.getByRole('link', { name: 'Activity' }).click();
  await settled(page);
  const jobs = page.getByRole('main').getByRole('list', { name: 'Activity' }).getByRole('listitem');
  await jobs
    .filter({ hasText: 'Import service-desk' })
    .filter({ hasText: 'Done' })
    .waitFor({ timeout: 60_000 });

  // The first model: its job trains until it is stopped, and then it is paused.
  const training = jobs.filter({ hasText: 'first-model' }).filter({ hasText: 'Training' });
  const stop = training.getByRole('button', { name: 'Stop' });
  await stop.click({ timeout: 60_000 });
  await training.filter({ hasText: 'Stopped' }).first().waitFor({ timeout: 60_000 });

  await page.getByRole('button', { name: 'Clear ended' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Clear ended' }).click();
  await jobs.filter({ hasText: 'Import service-desk' }).waitFor({ state: 'detached' });
});
