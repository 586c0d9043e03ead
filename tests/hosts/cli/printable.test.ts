import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { describe, expect, test } from 'vitest';
import { shellWord } from '../../../src/main/hosts/cli/format.ts';
import { printable } from '../../../src/main/hosts/cli/printable.ts';
import { createTerminal, type Terminal } from '../../../src/main/hosts/cli/terminal.ts';

/** What terminals obey: styles, cursor, title, clipboard (OSC 52), a reply typed for the person, both forms of CSI. */
const commands = [
  '\u001B[8mhidden',
  '\u001B[2J\u001B[H',
  '\u001B]0;title\u0007',
  '\u001B]52;c;cm0gLXJm\u001B\\',
  '\u001B[6n',
  '\u009B31m',
  '\u0090payload\u009C',
  'over\rwritten',
  'back\b\b\b',
  '\u0000\u000E\u007F',
];

function recorded(
  isTTY: boolean,
  json = false,
): { readonly terminal: Terminal; readonly written: () => string } {
  const parts: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as WriteStream;
  stream.on('data', (part: Buffer) => parts.push(part.toString()));
  return {
    terminal: createTerminal({ json, quiet: false, stdout: stream, stderr: stream }),
    written: () => parts.join(''),
  };
}

describe('foreign text on a screen', () => {
  test.for(commands)('commands the terminal by nothing: %j', (command) => {
    const { terminal, written } = recorded(true);
    terminal.result(undefined, command);
    terminal.say(command);
    terminal.stream(command);
    terminal.warn(command);
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(written()).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/);
  });

  test('is seen to hold them, and keeps its tabs, lines and letters of every script', () => {
    expect(printable('a\u001B[2J\u007F\u0085', { styled: false })).toBe('a␛[2J␡\uFFFD');
    expect(printable('ä\tß\n日本\r\nعربى 👍🏽', { styled: false })).toBe('ä\tß\n日本\nعربى 👍🏽');
  });

  test('keeps the styles of Loam’s own, which hide nothing, and no others', () => {
    const own =
      styleText(['bold', 'green'], 'done', { validateStream: false }) +
      styleText('dim', 'x', { validateStream: false });
    expect(printable(own, { styled: true })).toBe(own);
    expect(printable('\u001B[8mx\u001B[38;5;0m', { styled: true })).toBe('␛[8mx␛[38;5;0m');
  });

  test('is as it is in a file, a pipe and in JSON', () => {
    for (const command of commands) {
      const file = recorded(false);
      file.terminal.stream(command);
      expect(file.written()).toBe(command);
      const json = recorded(false, true);
      json.terminal.record({ command });
      expect(JSON.parse(json.written())).toEqual({ command });
    }
  });
});

describe('a word of a command that is printed', () => {
  test.for(['first-model', 'run@500', '/srv/texts/a.txt', 'Übung_2', '../p'])(
    'stays as it is: %s',
    (word) => {
      expect(shellWord(word, 'linux')).toBe(word);
    },
  );

  test('is one word to a shell, whatever it is', () => {
    expect(shellWord('two words', 'linux')).toBe(`'two words'`);
    expect(shellWord('$(id); `id`', 'linux')).toBe("'$(id); `id`'");
    expect(shellWord("it's", 'linux')).toBe(String.raw`'it'\''s'`);
    expect(shellWord('', 'linux')).toBe(`''`);
    expect(shellWord(String.raw`C:\my texts`, 'win32')).toBe(String.raw`"C:\my texts"`);
    expect(shellWord(String.raw`C:\texts`, 'win32')).toBe(String.raw`C:\texts`);
  });
});
