import { existsSync } from 'node:fs';
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { LoamError } from '../../../shared/errors.ts';
import { trustProject } from '../../studio/projects/known-projects.ts';
import { describeLossInWords } from '../../studio/integrity/describe-loss.ts';
import { findProjectFolder, openProject, type Project } from '../../studio/projects/projects.ts';
import { projectPaths } from '../../studio/projects/paths.ts';
import { inProject } from '../../studio/projects/reading-only.ts';
import { confirm } from './confirm.ts';
import { exitCodes } from './exit-codes.ts';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';
import { printable } from './printable.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { commandFor } from './way-out.ts';

/** The options that every command has. */
export interface GlobalOptions {
  readonly project?: string | undefined;
  readonly json?: true | undefined;
  readonly quiet?: true | undefined;
}

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** The project named by --project, or the one in this folder or the nearest above it. Opened at the first call. */
  readonly project: () => Project;
  /** Whether there is one to open. */
  readonly hasProject: () => boolean;
  /** Its folder, whether or not there is a project in it. */
  readonly projectFolder: string;
  /** Takes over Ctrl-C. */
  readonly interrupts: (announcement?: string) => Interrupts;
  /** The exit code of a command that does not fail by an error. */
  readonly exitWith: (code: number) => void;
}

/** The whole command line, to which each file of commands adds its own. */
export type Program = Command<[], GlobalOptions & OptionValues>;

/** Runs a command's work with a context, which is cleaned up afterwards. */
export type Perform = (work: (context: CommandContext) => Promise<void> | void) => Promise<void>;

/**
 * @param options the global options, once the command line was read.
 * @param onExitCode told the exit code of a command that ended without an error.
 */
export function createPerformer(options: () => GlobalOptions, onExitCode: (code: number) => void): Perform {
  const perform: Perform = async (work) => {
    const { project: folder, json = false, quiet = false } = options();
    const terminal = createTerminal({ json, quiet, stdout: process.stdout, stderr: process.stderr });
    const projectFolder = folder ?? findProjectFolder(process.cwd());
    const cleanups: (() => void)[] = [];
    let project: Project | undefined;
    let code: number = exitCodes.done;
    const context: CommandContext = {
      terminal,
      projectFolder,
      project: () => {
        if (project !== undefined) return project;
        const opened = openProject(projectFolder);
        cleanups.push(() => opened.close());
        project = opened;
        // Only whoever opens it first finds that out, so that it is said once.
        if (opened.store.lostChanges > 0)
          terminal.warn(
            `${describeLossInWords(opened.store.lostChanges)} What is affected: \`loam verify\`; the newest backup in its place: \`loam restore\`.`,
          );
        return opened;
      },
      hasProject: () => existsSync(projectPaths(projectFolder).store),
      interrupts: (announcement = 'Stopping …') => {
        const interrupts = listenForInterrupts(terminal, announcement);
        cleanups.push(() => interrupts.commandEnded());
        return interrupts;
      },
      exitWith: (wanted) => {
        code = wanted;
      },
    };
    try {
      await work(context);
      onExitCode(code);
    } catch (thrown) {
      const error = project === undefined ? thrown : inProject(project, thrown);
      terminal.clear();
      if (await isAgreedTo(error, json)) return await perform(work);
      // A stack belongs into the log of the project, where there is one.
      if (project !== undefined) failingProject.set(asObject(error), project.paths.log);
      throw error;
    } finally {
      for (const cleanup of cleanups.reverse()) cleanup();
    }
  };
  return perform;
}

/**
 * Whether an error was that a project is not known, and the person at the terminal agrees to it now. It comes before
 * anything was done, so that the command can begin again.
 */
async function isAgreedTo(error: unknown, json: boolean): Promise<boolean> {
  if (!(error instanceof LoamError) || error.action?.do !== 'trustProject') return false;
  if (json || !process.stdin.isTTY || !process.stderr.isTTY) return false;
  const { folder } = error.action;
  process.stderr.write(`${printable(error.message, { styled: false })}\n`);
  if (!(await confirm('Open it?', commandFor(error.action)))) return false;
  await trustProject(folder);
  return true;
}

/** The log of the project in which an error happened. */
const failingProject = new WeakMap<object, string>();

function asObject(error: unknown): object {
  return typeof error === 'object' && error !== null ? error : {};
}

export function logOfFailure(error: unknown): string | undefined {
  return failingProject.get(asObject(error));
}

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
