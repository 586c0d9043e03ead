import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { writeModelFolder } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { initializeParameters } from '../../../src/main/llm/models/initialize-parameters.ts';
import { parametersOf } from '../../../src/main/llm/models/registry.ts';
import { trainTokenizer } from '../../../src/main/llm/tokenizers/train.ts';
import { resolveModelShape } from '../../../src/shared/models/registry.ts';
import { startLoam } from '../../hosts/cli/loam.ts';
import '../../registered/register.ts';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { serveStudio } from '../harness/studio-server.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

/** A studio with one more architecture, behind the pages as they are always built. */
const entry = resolve(import.meta.dirname, '../../registered/loam.ts');

const test = base
  .extend('server', { scope: 'file' }, async ({ place }, { onCleanup }) => {
    const server = await serveStudio(place, { entry });
    onCleanup(server.stop);
    return server;
  })
  .extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

test('an architecture that only the studio knows is set by its own fields, and a run of it is prepared', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  const steps = page.getByRole('navigation', { name: 'Steps' });
  await steps.getByRole('button', { name: /^Model/ }).click();
  await page.getByRole('radio', { name: /^Pairs Learns which token follows which/ }).waitFor();
  await page.getByRole('radio', { name: /^Your own/ }).check();
  await page.getByRole('textbox', { name: 'Attention heads' }).waitFor();

  await page.getByRole('combobox', { name: 'Architecture' }).click();
  await page.getByRole('option', { name: /^Bigram table/ }).click();
  const rank = page.getByRole('textbox', { name: 'Rank' });
  await rank.waitFor();
  expect(await rank.inputValue()).toBe('16');
  expect(await page.getByRole('textbox', { name: 'Attention heads' }).count()).toBe(0);
  await page.getByText('Set the rank yourself.').waitFor();

  await rank.fill('7');
  await rank.press('Tab');
  await page.getByText('A rank of 7 is odd.').first().waitFor();
  await page.getByRole('button', { name: 'Rank 8' }).first().click();
  expect(await rank.inputValue()).toBe('8');

  await steps.getByRole('button', { name: /^Review/ }).click();
  const changed = page.getByRole('row').filter({ hasText: 'Rank' });
  await changed.first().waitFor();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('pairs-here');
  await page.getByRole('button', { name: 'Only prepare it' }).click();
  await page.getByRole('heading', { level: 1, name: 'pairs-here' }).waitFor({ timeout: 60_000 });
  await page.getByText('It is prepared and has not trained yet.').waitFor();
});

test('an objective that only the studio knows is offered, chosen, and stays chosen with another size', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  const usual = page.getByRole('radio', { name: /^Write like these documents/ });
  await usual.waitFor();
  expect(await usual.isChecked()).toBe(true);
  await page.getByRole('radio', { name: /^Read these texts backwards/ }).check();
  const steps = page.getByRole('navigation', { name: 'Steps' });
  await steps.getByRole('button', { name: /^Model/ }).click();
  await page.getByRole('radio', { name: /^Pairs Learns which token follows which/ }).check();
  await steps.getByRole('button', { name: /^Review/ }).click();
  await page.getByRole('row').filter({ hasText: 'Objective' }).getByText('previous-token').waitFor();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('backwards');
  await page.getByRole('button', { name: 'Only prepare it' }).click();
  await page.getByRole('heading', { level: 1, name: 'backwards' }).waitFor({ timeout: 60_000 });
  await page.getByText('Bits per byte').first().waitFor();
});

test('learning from labels is offered with the models that can, and says what it needs', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  const labels = page.getByRole('radio', { name: /^Tell texts apart/ });
  await labels.waitFor();
  await page.getByText('a column that says which kind each text is.').waitFor();
  await labels.check();
  const steps = page.getByRole('navigation', { name: 'Steps' });
  await steps.getByRole('button', { name: /^Model/ }).click();
  const bag = page.getByRole('radio', { name: /^Bag Tells texts apart by their words/ });
  await bag.waitFor();
  expect(await bag.isChecked()).toBe(true);
  expect(await page.getByRole('radio', { name: /^Nano/ }).count()).toBe(0);
  await steps.getByRole('button', { name: /^What you want/ }).click();
  await page.getByText('Its documents have no labels').first().waitFor();
});

test('a run that learned from labels shows its accuracy, and Write and Export say that its model cannot write', async ({
  open,
  place,
  project,
}) => {
  const rows = Array.from({ length: 60 }, (_, row) =>
    row % 2 === 0 ? `The pump ${row} leaks oil,workshop` : `The invoice ${row} is missing,accounts`,
  );
  const file = join(place.folder, 'reports.csv');
  await writeFile(file, ['text,label', ...rows].join('\n'));
  const loam = async (...words: string[]): Promise<void> => {
    const started = startLoam([...words, '--project', project], {
      cwd: place.folder,
      home: join(place.folder, 'loam'),
      entry,
    });
    const { code, stderr } = await started.ended;
    expect(code, stderr).toBe(0);
  };
  await loam('dataset', 'import', 'reports', file);
  await loam('train', '--dataset', 'reports', '--preset', 'bag', '--name', 'departments', '--steps', '60');

  const { page } = await open({ project, path: '/runs/departments' });
  await settled(page);
  await page.getByText('Accuracy').first().waitFor();
  await page.getByText('100%', { exact: true }).first().waitFor();
  await page.getByRole('link', { name: 'Measure it' }).waitFor();
  expect(await page.getByRole('tab', { name: 'Samples' }).count()).toBe(0);

  for (const path of ['/write', '/export']) {
    const { page: other } = await open({ project, path: `${path}?checkpoint=departments@60` });
    await settled(other);
    await other
      .getByRole('main')
      .getByText('This model cannot write text. It can classify texts.')
      .first()
      .waitFor();
  }
});

test('the shape of a model comes back in the wizard from a run of it', async ({ open, project }) => {
  const { page } = await open({ project, path: '/new-model?from=pairs-here&step=model' });
  await settled(page);
  await expect.poll(() => page.getByRole('textbox', { name: 'Rank' }).inputValue()).toBe('8');
});

/** Writes the folder of a model that does not write. */
async function writeEmbedder(output: string): Promise<void> {
  async function* documents() {
    yield 'the quick brown fox jumps over the lazy dog';
  }
  const tokenizer = await trainTokenizer({
    documents: documents(),
    kind: 'char',
    vocabularySize: 100,
    minimumFrequency: 1,
  });
  const settings = { architecture: 'bigram-table', contextLength: 8, rank: 4, use: 'embed' };
  const shape = resolveModelShape(settings, tokenizer);
  const weights = new Map(
    [...initializeParameters(parametersOf(shape), 1)].map(({ name, data }) => [name, data]),
  );
  await writeModelFolder(output, { shape, tokenizer, weights: (name) => weights.get(name)! });
}

test('a model that does not write is listed with that reason, where it cannot be chosen', async ({
  open,
  place,
  project,
}) => {
  const folder = join(place.folder, 'sorter');
  await writeEmbedder(folder);
  const { page: models } = await open({ project, path: '/models' });
  await settled(models);
  await models.getByRole('button', { name: 'Import a model' }).click();
  await models.getByRole('dialog').getByRole('textbox').first().fill(folder);
  await models.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click();
  await models.getByRole('table').getByText('sorter').first().click();
  const details = models.getByRole('complementary', { name: 'sorter' });
  await details.getByRole('link', { name: 'Evaluate' }).waitFor();
  expect(await details.getByRole('link', { name: 'Write' }).count()).toBe(0);

  const reason = 'This model cannot write text. It can turn texts into vectors.';
  for (const path of ['/write', '/evaluate', '/export']) {
    const { page } = await open({ project, path });
    await settled(page);
    const picker = page.getByRole('main').getByRole('combobox', { name: 'Model', exact: true });
    expect(await picker.inputValue(), path).not.toBe('sorter');
    await picker.click();
    const option = page.getByRole('option', { name: /^sorter/ });
    await option.getByText(reason).waitFor();
    expect(await option.getAttribute('aria-disabled'), path).toBe('true');
  }
  for (const path of ['/write', '/evaluate', '/export']) {
    const { page } = await open({ project, path: `${path}?checkpoint=models/sorter` });
    await settled(page);
    await page.getByRole('main').getByText(reason).first().waitFor();
  }
});
