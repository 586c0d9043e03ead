import { printable } from './printable.ts';

/**
 * Where a command's words go. On a screen nothing foreign in them reaches the terminal as a command (`printable`); into a file
 * or another program they go as they are.
 */
export interface Terminal {
  /** Results are JSON, one object or one a line; words for people go to standard error. */
  readonly json: boolean;
  /** Nothing but results and errors. */
  readonly quiet: boolean;
  /** Whether lines for people may be redrawn. */
  readonly redraws: boolean;
  /** Width of the terminal in columns. */
  columns(): number;
  /** Gives a command's result: the object with --json, else the text. */
  result(value: unknown, text: string): void;
  /** One of several results: a line of JSON with --json, else nothing. */
  record(value: unknown): void;
  /** Text of a result as it comes, without a line's end; nothing with --json. */
  stream(text: string): void;
  /** Tells a person what happens; silent with --quiet. */
  say(text: string): void;
  /** Draws over the current line; only where `redraws`. */
  draw(line: string): void;
  /** Takes a drawn line away. */
  clear(): void;
  /** An error or a warning: always, on standard error. */
  warn(text: string): void;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export function createTerminal({ json, quiet, stdout, stderr }: TerminalOptions): Terminal {
  const people = json ? stderr : stdout;
  const redraws = people.isTTY && !quiet && process.env.TERM !== 'dumb';
  let drawn = false;
  const write = (stream: NodeJS.WriteStream, text: string, styled: boolean): void => {
    stream.write(stream.isTTY ? printable(text, { styled }) : text);
  };
  const clear = (): void => {
    if (drawn) people.write('\r\u001B[K');
    drawn = false;
  };
  return {
    json,
    quiet,
    redraws,
    columns: () => people.columns ?? 80,
    result: (value, text) => {
      clear();
      write(stdout, json ? `${JSON.stringify(value)}\n` : `${text}\n`, false);
    },
    record: (value) => {
      if (json) write(stdout, `${JSON.stringify(value)}\n`, false);
    },
    stream: (text) => {
      if (!json) write(stdout, text, false);
    },
    say: (text) => {
      if (quiet) return;
      clear();
      write(people, `${text}\n`, true);
    },
    draw: (line) => {
      if (!redraws) return;
      people.write(`\r${printable(line, { styled: true })}\u001B[K`);
      drawn = true;
    },
    clear,
    warn: (text) => {
      clear();
      write(stderr, `${text}\n`, false);
    },
  };
}
