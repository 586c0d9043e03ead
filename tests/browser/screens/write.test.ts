import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

const path = `/write?checkpoint=${sample.run}@best`;

/** The text that is shown, without what stands beside it. */
const textOf = (page: Page) => page.getByRole('group', { name: 'The text so far' });

async function write(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your text' }).fill(prompt);
  await page.getByRole('button', { name: 'Write', exact: true }).click();
}

/** Settings that write for so long that a test can look on. */
function atLength(): void {
  localStorage.setItem(
    'loam-writing-settings',
    JSON.stringify({
      maximumTokens: 8000,
      temperature: 1,
      topK: 0,
      topP: 1,
      minimumP: 0,
      repetitionPenalty: 1,
      stop: [],
      seed: 2,
      newSeed: false,
    }),
  );
}

describe('writing', () => {
  test('a model goes on with a text, writes it again, and both attempts are kept over a reload', async ({
    open,
    project,
  }) => {
    const { page } = await open({ project, path });
    await settled(page);
    await write(page, 'The pump in');
    await page.getByRole('button', { name: 'Write again' }).waitFor();
    const first = await textOf(page).innerText();
    expect(first.startsWith('The pump in')).toBe(true);
    await page.getByRole('button', { name: 'Write again' }).click();
    await page.getByText('2/2').waitFor();
    await expect.poll(() => textOf(page).innerText()).not.toBe(first);
    await page.reload();
    await page.getByRole('button', { name: 'The attempt before' }).click();
    await expect.poll(() => textOf(page).innerText()).toBe(first);
  });

  test('probabilities are shown under the pointer and by the arrow keys', async ({ open, project }) => {
    const { page } = await open({ project, path });
    await settled(page);
    await write(page, 'Dear ');
    await page.getByRole('button', { name: 'Write again' }).waitFor();
    await page.getByRole('switch', { name: 'Probabilities' }).click();
    const tokens = page.getByRole('listbox', { name: /The text so far, by/ });
    await tokens.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('The likeliest here').waitFor();
    expect(await tokens.getByRole('option', { selected: true }).getAttribute('aria-label')).toMatch(/%$/);
    await page.keyboard.press('Escape');
    await page.getByText('The likeliest here').waitFor({ state: 'detached' });
    await tokens.getByRole('option').first().hover();
    await page.getByText('The likeliest here').waitFor();
  });

  test('two checkpoints write side by side, and each goes on with its own text', async ({
    open,
    project,
  }) => {
    const { page } = await open({ project, path: `${path}&with=${sample.run}@last` });
    await settled(page);
    await write(page, 'Report: ');
    await expect.poll(() => page.getByRole('button', { name: 'Write again' }).count()).toBe(2);
    expect(await textOf(page).count()).toBe(2);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Write again' }).count()).toBe(2);
    const models = page.getByRole('main').getByRole('combobox', { name: /(Left|Right) model/ });
    const before = await models.evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).value));
    expect(before).toHaveLength(2);
    await page.getByRole('button', { name: 'New text' }).click();
    await page.getByText('What shall it go on with?').waitFor();
    expect(await models.evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).value))).toEqual(
      before,
    );
  });

  test('a second checkpoint beside an existing text is empty until it writes', async ({ open, project }) => {
    const { page } = await open({ project, path });
    await settled(page);
    await write(page, 'Report: ');
    await page.getByRole('button', { name: 'Write again' }).waitFor();
    const first = await textOf(page).innerText();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    const own = page.getByRole('button', { name: 'Have it write' });
    await own.waitFor();
    expect(await textOf(page).count()).toBe(2);
    expect(await textOf(page).first().innerText()).toBe(first);
    expect((await textOf(page).last().innerText()).trim()).toBe('Report:');
    expect(await page.getByRole('button', { name: 'Write again' }).count()).toBe(1);
    await own.click();
    await expect.poll(() => page.getByRole('button', { name: 'Write again' }).count()).toBe(2);
    expect(await textOf(page).first().innerText()).toBe(first);
  });

  test('a message is edited into a new version; both can be gone back to', async ({ open, project }) => {
    const { page } = await open({ project, path });
    await settled(page);
    await write(page, 'The valve');
    await page.getByRole('button', { name: 'Write again' }).waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Your text' }).fill('The door');
    await dialog.getByRole('button', { name: 'Write', exact: true }).click();
    await expect.poll(() => textOf(page).innerText()).toMatch(/^The door/);
    await page.getByRole('button', { name: 'The version before' }).click();
    await expect.poll(() => textOf(page).innerText()).toMatch(/^The valve/);
  });

  test('what is typed and not sent yet outlives a reload and another screen, and an earlier message that is edited', async ({
    open,
    project,
  }) => {
    const { page } = await open({ project, path });
    await settled(page);
    const prompt = page.getByRole('main').getByRole('textbox', { name: 'Your text' });
    await prompt.fill('Not sent ');
    await page.reload();
    await expect.poll(() => prompt.inputValue()).toBe('Not sent ');
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await page.getByRole('link', { name: 'Write', exact: true }).click();
    await expect.poll(() => prompt.inputValue()).toBe('Not sent ');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByRole('button', { name: 'Write again' }).waitFor();
    await expect.poll(() => prompt.inputValue()).toBe('');

    await prompt.fill('Nor this ');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit and write anew' });
    const edited = dialog.getByRole('textbox', { name: 'Your text' });
    await edited.fill('Edited ');
    await page.reload();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    expect(await edited.inputValue()).toBe('Edited ');
    await dialog.getByRole('button', { name: 'Write', exact: true }).click();
    await expect.poll(() => textOf(page).innerText()).toMatch(/^Edited /);
    expect(await prompt.inputValue()).toBe('Nor this ');
    await page.getByRole('button', { name: 'New text' }).click();
    await expect.poll(() => prompt.inputValue()).toBe('');
  });

  test('Ctrl+Z takes back what was typed in one go, and not a letter of it', async ({ open, project }) => {
    const { page } = await open({ project, path: '/write' });
    await settled(page);
    for (const name of ['Your text', 'Stop texts', 'Search texts']) {
      const box = page.getByRole('textbox', { name });
      await box.click();
      await page.keyboard.type('hello world');
      // What a busy machine types slowly may be taken back in two or three goes, but not in eleven.
      let taken = 0;
      for (; taken < 4 && (await box.inputValue()).length > 1; taken++)
        await page.keyboard.press('Control+z');
      expect((await box.inputValue()).length, name).toBeLessThanOrEqual(1);
      for (; taken > 0; taken--) await page.keyboard.press('Control+Shift+z');
      expect(await box.inputValue(), name).toBe('hello world');
    }
  });

  test('a prompt that is longer than the model’s context is told before it is sent, with what is cut off', async ({
    open,
    project,
  }) => {
    const { page } = await open({ project, path });
    await settled(page);
    const prompt = page.getByRole('textbox', { name: 'Your text' });
    const warning = page.getByText(`Longer than ${sample.run}@60 can see`);
    await prompt.fill(`${'The valve was closed. '.repeat(60)}The last words of it`);
    await warning.waitFor();
    const text = await page.getByText(/the model sees \d+ at most/).innerText();
    const [tokens, , seen, unseen] = (text.match(/\d[\d,]*/g) ?? []).map((figure) =>
      Number(figure.replace(',', '')),
    );
    expect((seen ?? 0) + (unseen ?? 0)).toBe(tokens);
    expect(text).toContain('which begin at “');
    await prompt.fill('The valve');
    await warning.waitFor({ state: 'detached' });
  });

  test('a system prompt is asked for where a model holds conversations, and stays with its conversation', async ({
    open,
    project,
    place,
  }) => {
    const folder = join(place.folder, 'talker');
    await cp(join(project, 'runs', sample.run, 'checkpoints', 'step-00000060'), folder, { recursive: true });
    await rm(join(folder, 'loam'), { recursive: true });
    await writeFile(
      join(folder, 'chat_template.jinja'),
      '{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:',
    );
    const { page } = await open({ project, path: '/models' });
    await settled(page);
    await page.getByRole('button', { name: 'Import a model' }).click();
    await page.getByRole('dialog').getByRole('textbox').first().fill(folder);
    await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('table').getByText('talker').first().waitFor();

    await page.goto(`${page.url().split('#')[0]}#/write?checkpoint=models/talker`);
    const system = page.getByRole('textbox', { name: 'System prompt' });
    await system.fill('You answer about pumps.');
    await page.getByRole('textbox', { name: 'Your text' }).fill('What of the pump?');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('button', { name: 'Write again' }).waitFor();
    await page.reload();
    await expect.poll(() => system.inputValue()).toBe('You answer about pumps.');
    await page.goto(`${page.url().split('#')[0]}#/write?checkpoint=models/talker`);
    await page.getByText('Begin a conversation').waitFor();
    expect(await system.inputValue()).toBe('');
    await page.goto(`${page.url().split('#')[0]}#${path}`);
    await page.getByText('What shall it go on with?').waitFor();
    expect(await system.count()).toBe(0);
  });

  test('texts are found, renamed and deleted', async ({ open, project }) => {
    const { page } = await open({ project, path });
    await settled(page);
    await write(page, 'Zanzibar ');
    await page.getByRole('button', { name: 'Write again' }).waitFor();
    const list = page.getByRole('list', { name: 'Texts and conversations' });
    await page.getByRole('textbox', { name: 'Search texts' }).fill('zanzi');
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
    await list.getByRole('button', { name: 'More' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('A journey');
    await page.getByRole('button', { name: 'Save' }).click();
    await list.getByText('A journey').waitFor();
    await list.getByRole('button', { name: 'More' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete text' }).click();
    await page.getByText('Nothing has these words in it.').waitFor();
  });
});

describe('while a model writes', () => {
  test('its text is followed to the end, until one scrolls up; a button leads back', async ({
    open,
    project,
  }) => {
    const { page } = await open({ project, path, beforePage: atLength });
    await settled(page);
    await write(page, `${'A line of the beginning.\n'.repeat(60)}Once `);
    await textOf(page).waitFor();
    /** How far below what is shown the text ends, in pixels. */
    const below = () =>
      textOf(page).evaluate((element) => {
        const box = element.closest('.overflow-y-auto');
        return box === null ? Number.NaN : box.scrollHeight - box.scrollTop - box.clientHeight;
      });
    const end = page.getByRole('button', { name: 'To the end' });
    await expect.poll(below).toBeLessThan(2);
    expect(await end.count()).toBe(0);
    await textOf(page).hover();
    await page.mouse.wheel(0, -400);
    await end.waitFor();
    await page.waitForTimeout(500);
    expect(await below()).toBeGreaterThan(300);
    await end.click();
    await expect.poll(below).toBeLessThan(2);
    await end.waitFor({ state: 'detached' });
    await page
      .getByRole('button', { name: 'Stop', exact: true })
      .first()
      .click({ timeout: 2000 })
      .catch(() => undefined);
  });

  test('a reloaded page and a second window show the same text, which can be stopped and is kept', async ({
    open,
    project,
  }) => {
    const first = await open({ project, path, beforePage: atLength });
    await settled(first.page);
    await write(first.page, 'Once ');
    await first.page.waitForURL(/chat=/);
    const chat = /chat=(\d+)/.exec(first.page.url())?.[1] ?? '';
    await first.page.reload();
    const second = await open({ project, path: `/write?chat=${chat}` });
    for (const { page } of [first, second]) await textOf(page).waitFor();
    const stop = first.page.getByRole('button', { name: 'Stop', exact: true }).first();
    // A model may end its text by itself before anybody stops it.
    await stop.click({ timeout: 2000 }).catch(() => undefined);
    for (const { page } of [first, second]) await page.getByRole('button', { name: 'Write again' }).waitFor();
    const kept = await textOf(first.page).innerText();
    expect(await textOf(second.page).innerText()).toBe(kept);
    await second.page.reload();
    await expect.poll(() => textOf(second.page).innerText()).toBe(kept);
  });
});
