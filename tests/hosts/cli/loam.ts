import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { useOneCore } from '../../one-core.ts';
import { callLoam } from './call-loam.ts';

const main = resolve(import.meta.dirname, '../../../src/main/hosts/cli/main.ts');

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard output or error holds a text; fails when the command ends before. */
  readonly saw: (text: string | RegExp) => Promise<void>;
}

/** A temporary folder with a project's surroundings: texts, and a home of its own for locks and settings. */
export interface Place {
  readonly folder: string;
  readonly project: string;
  readonly text: string;
  /** Runs a command in a process of its own. */
  readonly loam: (...words: string[]) => Promise<Ended>;
  /** Runs a command in this process, which is as good where only what it says and does matters, and starts no Node. */
  readonly call: (...words: string[]) => Promise<Ended>;
  readonly start: (...words: string[]) => Started;
  readonly remove: () => Promise<void>;
}

/** Text of a small grammar, which a tiny model can learn something of in a few steps. */
export function sampleText(sentences: number): string {
  const subjects = ['The pump', 'A valve', 'The motor', 'Our technician', 'The customer'];
  const verbs = ['leaks', 'was replaced', 'reports a fault', 'runs again', 'needs oil'];
  return Array.from(
    { length: sentences },
    (_, index) => `${subjects[(index * 7) % 5]} ${verbs[(index * 3 + Math.floor(index / 5)) % 5]}.`,
  ).join('\n');
}

/** The command line, run as a person runs it: in a process of its own. */
export function startLoam(
  words: readonly string[],
  options: {
    readonly cwd: string;
    readonly home: string;
    readonly uid?: number;
    readonly detached?: boolean;
    /** The module that the command line is started from. Default: the program's own. */
    readonly entry?: string;
  },
): Started {
  const child = spawn(process.execPath, [options.entry ?? main, ...words], {
    cwd: options.cwd,
    env: { ...process.env, LOAM_HOME: options.home, ORT_DISABLE_TELEMETRY: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    for (const watcher of watchers) watcher();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    for (const watcher of watchers) watcher();
  });
  const ended = new Promise<Ended>((resolved, rejected) => {
    child.on('error', rejected);
    child.on('close', (code, signal) => resolved({ code, signal, stdout, stderr }));
  });
  const saw = (text: string | RegExp): Promise<void> =>
    new Promise((resolved, rejected) => {
      const look = (): void => {
        const all = stdout + stderr;
        if (typeof text === 'string' ? !all.includes(text) : !text.test(all)) return;
        watchers.delete(look);
        resolved();
      };
      watchers.add(look);
      look();
      child.on('close', () =>
        rejected(new Error(`The command ended before it said ${String(text)}:\n${stdout}\n${stderr}`)),
      );
    });
  return { process: child, ended, saw };
}

/**
 * @param sentences length of the sample text.
 * @param entry the module that the command line is started from. Default: the program's own
 */
export async function makePlace(sentences = 2000, entry = main): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-cli-'));
  const project = join(folder, 'project');
  const text = join(folder, 'records.txt');
  await writeFile(text, sampleText(sentences));
  await useOneCore(join(folder, 'home'));
  const start = (...words: string[]): Started =>
    startLoam(words, { cwd: folder, home: join(folder, 'home'), entry });
  return {
    folder,
    project,
    text,
    start,
    loam: (...words) => start(...words).ended,
    call: (...words) => callLoam(words, { cwd: folder, home: join(folder, 'home') }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Options for `loam train` that make a model which trains hundreds of steps in a second, the same each time. */
export const tinyModel: readonly string[] = [
  '--preset',
  'nano',
  ...Object.entries({
    'model.contextLength': '16',
    'model.hiddenSize': '32',
    'model.layers': '1',
    'model.heads': '2',
    'tokenizer.kind': 'char',
    'training.batchSize': '4',
    'training.microBatchSize': '4',
    'training.warmupSteps': '5',
    'training.evaluationInterval': '20',
    'training.evaluationTokens': '500',
    'training.sample.maximumTokens': '8',
    'engine.threads': '1',
  }).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
];
