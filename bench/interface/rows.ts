import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { recordFrames, type Frames } from './frames.ts';

/** How a table of very many documents scrolls. */
export interface RowFigures {
  readonly rows: number;
  readonly scroll: Frames;
}

const subjects = ['The pump', 'A valve', 'The motor', 'Our technician', 'The customer', 'The night shift'];
const verbs = ['leaks', 'was replaced', 'reports a fault', 'runs again', 'needs oil', 'asks for a visit'];

/** Writes a file of JSON lines with so many records. */
export async function writeRecords(file: string, rows: number): Promise<void> {
  const stream = createWriteStream(file);
  for (let row = 0; row < rows; row += 1) {
    const subject = subjects[row % subjects.length];
    const verb = verbs[Math.floor(row / subjects.length) % verbs.length];
    const line = `${JSON.stringify({ text: `Record ${row}: ${subject} ${verb} in hall ${row % 97}.` })}\n`;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

/** Scrolls the table of documents that a page shows: by the wheel, then by leaps as the scroll bar makes them. */
export async function measureRows(page: Page, rows: number): Promise<RowFigures> {
  const table = page.getByRole('main').getByRole('grid').first();
  // At the first look a dataset's documents are read once.
  await table.getByRole('row').nth(3).waitFor({ timeout: 1_200_000 });
  const box = await table.boundingBox();
  if (box === null) throw new Error('The table is not drawn.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const scroll = await recordFrames(page, async () => {
    for (let turn = 0; turn < 120; turn += 1) {
      await page.mouse.wheel(0, turn < 80 ? 240 : -240);
      await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(resolve)));
    }
    await table.evaluate(async (element) => {
      for (let leap = 0; leap < 60; leap += 1) {
        element.scrollTop = (element.scrollHeight / 60) * leap;
        await new Promise((resolve) => void requestAnimationFrame(resolve));
      }
    });
  });
  // It was really scrolled: the last rows are there, with their texts.
  await table.evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await table.getByText(`Record ${rows - 1}: `).waitFor();
  return { rows, scroll };
}
