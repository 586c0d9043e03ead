import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/main/hosts/cli/program.ts';
import { commandFor } from '../../src/main/hosts/cli/way-out.ts';

/** What the studio says is read in a window and in a terminal: it may tell neither to type a command nor to press a button. */

const source = resolve(import.meta.dirname, '../../src');
const spokenByBoth = ['main/studio', 'main/llm', 'shared', 'renderer'];

/** What a window or a page deliberately cannot do: here a command is the only answer. */
const onlyInATerminal = ['loam engine install tensorflow --from', 'loam session new'];

/** The lines of a file that are no comments, without what only a terminal can do. */
function spokenLines(text: string): readonly string[] {
  return onlyInATerminal
    .reduce((rest, words) => rest.replaceAll(words, ''), text)
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/\s.*$/, ''));
}

async function linesThatMatch(
  rooms: readonly string[],
  says: (line: string) => boolean,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const room of rooms)
    for (const name of await readdir(join(source, room), { recursive: true })) {
      if (!/\.tsx?$/.test(name)) continue;
      const lines = spokenLines(await readFile(join(source, room, name), 'utf8'));
      for (const [index, line] of lines.entries())
        if (says(line)) found.push(`${room}/${name}:${index + 1}: ${line.trim()}`);
    }
  return found;
}

const commands = createProgram(() => undefined).commands.map((command) => command.name());
const command = new RegExp(String.raw`\bloam (${commands.join('|')})\b`);
/** An option within a sentence. */
const option = /['"`].*[a-z],? ['"`]?--[a-z][a-z-]+/;

it('no sentence of the studio or of its pages tells to type a command or an option', async () => {
  expect(commands).toContain('train');
  expect(await linesThatMatch(spokenByBoth, (line) => command.test(line) || option.test(line))).toEqual([]);
});

it('the search finds commands and options in sentences', () => {
  expect(command.test("remedy: 'Go on with it by `loam resume nano-1`.'")).toBe(true);
  expect(option.test("remedy: 'Choose another name, or add --replace to it.'")).toBe(true);
  expect(spokenLines('// loam train\n/** loam\n train --x */ a')).toEqual(['', '', ' a']);
});

it('no sentence of the studio tells to press something, on a screen or a keyboard', async () => {
  const button = /['"`].*\b(press(es)?|clicks?|right-click|button|Ctrl)\b.*['"`]/i;
  expect(await linesThatMatch(['main/studio', 'main/llm'], (line) => button.test(line))).toEqual([]);
});

it('the command line adds the command that helps', () => {
  expect(commandFor({ do: 'resumeRun', run: 'nano-1' })).toContain('loam resume nano-1');
  expect(commandFor({ do: 'chooseReading', choice: 'leaveOutBadRecords' })).toContain(
    '--leave-out-bad-records',
  );
  expect(commandFor({ do: 'replaceExport' })).toContain('--replace');
});
