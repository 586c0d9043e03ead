import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

/** Words that are spelled in two ways, and the one that Loam's texts use throughout. */
const spellings = { learnt: 'learned', colors: 'colours', canceled: 'cancelled', modeling: 'modelling' };

test.each(['src/renderer/strings/en', 'src/shared/teaching'])(
  'every text in %s spells a word as the others do',
  async (folder) => {
    const wrong: string[] = [];
    for (const name of await readdir(join(root, folder))) {
      const text = await readFile(join(root, folder, name), 'utf8');
      for (const [other, usual] of Object.entries(spellings))
        for (const line of text.split('\n'))
          if (new RegExp(`\\b${other}\\b`, 'i').test(line))
            wrong.push(`${name}: “${other}” for “${usual}”: ${line.trim()}`);
    }
    expect(wrong).toEqual([]);
  },
);
