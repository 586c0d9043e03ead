import { writeSync } from 'node:fs';

/** What the process that measures was asked to do: the JSON of its first argument. */
export function readParameters(): unknown {
  const [, , json] = process.argv;
  if (json === undefined) throw new Error('This is started by bench/main.ts, with its parameters as JSON.');
  return JSON.parse(json);
}

/** Prints the result as one line of JSON; written at once, so that the process may exit right after. */
export function reportResult(result: object): void {
  writeSync(1, `${JSON.stringify(result)}\n`);
}

/** The most memory that this process has had resident. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
