import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { createReplyWriting, type ReplyWriting } from './chats/reply-writing.ts';
import { createReadingService, type ReadingService } from './reading/reading-service.ts';
import { createEngineTasks, type EngineTasks } from './engines/engine-work.ts';
import { createJobBoard, type JobBoard } from './jobs/job-board.ts';
import type { Launcher, WorkerKind } from './processes/launcher.ts';
import { trackWorkers } from './processes/living-workers.ts';
import { acquireLock, type ProcessLock } from './processes/process-lock.ts';
import { keepBackups } from './projects/keep-backups.ts';
import { removeLeftoversOfProject } from './projects/project-leftovers.ts';
import { openProject, type Project } from './projects/projects.ts';
import { keepRemovingForgottenUploads } from './uploads/uploads.ts';

/** A project that a host has open, with the work that it does in it. */
export interface OpenProject {
  readonly project: Project;
  readonly jobs: JobBoard;
  readonly reading: ReadingService;
  readonly writing: ReplyWriting;
}

/** What a host with pages has for as long as it runs: projects that stay open, their jobs, a way to start workers. */
export interface Studio {
  readonly launcher: Launcher;
  /** Work on this machine's engines. */
  readonly engines: EngineTasks;
  /** The project that the host was started for. */
  readonly startProject: string | undefined;
  /**
   * The project in a folder, opened at its first use.
   * @throws LoamError when there is none, or it cannot be opened.
   */
  project(folder: string): OpenProject;
  /** The projects that are open now. */
  openProjects(): readonly OpenProject[];
  /**
   * Stops all work (runs save a checkpoint) and closes the projects. Whatever has not stopped by a deadline is ended: files
   * are written whole or not at all, so that a run goes on from its last checkpoint.
   */
  close(deadline?: Deadline): Promise<void>;
}

/** When work that does not stop is ended. */
export interface Deadline {
  /** In milliseconds. */
  readonly within: number;
  /** Kinds of workers that may take longer. */
  readonly sparing?: readonly WorkerKind[];
  /** Ends all of them at once. */
  readonly atOnce?: AbortSignal;
}

export interface StudioOptions {
  readonly launcher: Launcher;
  readonly startProject?: string;
  readonly clock?: () => Date;
}

export function createStudio({ launcher: start, startProject, clock }: StudioOptions): Studio {
  const { launcher, endAll } = trackWorkers(start);
  const open = new Map<string, OpenProject & { readonly release: () => void }>();

  const openAt = (folder: string): OpenProject => {
    const project = openProject(folder, clock);
    // While this lock is held, jobs of this session are under way; afterwards those that did not end were interrupted.
    const session = randomUUID();
    let lock: ProcessLock | undefined;
    const holdSession = (): void => {
      lock ??= acquireLock(join(project.folder, 'locks', `session-${session}.lock`), 'doing jobs');
    };
    const isWritable = project.store.readingOnly() === undefined;
    // Where nothing can be written there are no jobs; should that change, the lock is taken with the first.
    if (isWritable) holdSession();
    const jobs = createJobBoard(project, session, holdSession);
    const stopRemoving = isWritable ? keepRemovingForgottenUploads(project) : undefined;
    if (isWritable) void removeLeftoversOfProject(project);
    const stopBackups = keepBackups(project);
    const entry = {
      project,
      jobs,
      reading: createReadingService({ project, jobs, launcher }),
      writing: createReplyWriting({ project, session, launcher }),
      release: () => {
        stopRemoving?.();
        stopBackups();
        lock?.release();
        project.close();
      },
    };
    open.set(project.folder, entry);
    return entry;
  };

  const engines = createEngineTasks();
  return {
    launcher,
    engines,
    startProject,
    project: (folder) => open.get(resolve(folder)) ?? openAt(folder),
    openProjects: () => [...open.values()],
    close: async (deadline) => {
      const end = (): void => endAll(deadline?.sparing);
      const timer = deadline === undefined ? undefined : setTimeout(end, deadline.within);
      const endNow = (): void => endAll();
      if (deadline?.atOnce?.aborted === true) endNow();
      else deadline?.atOnce?.addEventListener('abort', endNow, { once: true });
      // All at once: a run saves its checkpoint while an installation comes to its end.
      await Promise.all([
        engines.close(),
        ...[...open.values()].flatMap(({ jobs, reading, writing }) => [
          jobs.close(),
          reading.close(),
          writing.close(),
        ]),
      ]).finally(() => {
        clearTimeout(timer);
        deadline?.atOnce?.removeEventListener('abort', endNow);
      });
      for (const { release } of open.values()) release();
      open.clear();
    },
  };
}
