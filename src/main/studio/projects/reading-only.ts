import { LoamError } from '../../../shared/errors.ts';
import { isUnwritable } from '../store/open-for-reading.ts';
import type { Project } from './projects.ts';

/**
 * What is said when something failed in a project that can only be read: that, in one sentence, whichever file or lock of it
 * was the first that could not be written. Other failures, and those in other projects, are said as they are.
 */
export function inProject(project: Project, error: unknown): unknown {
  const readingOnly = project.store.readingOnly();
  const cause = error instanceof LoamError ? (error.cause ?? error) : error;
  return readingOnly !== undefined && isUnwritable(cause)
    ? new LoamError({ ...readingOnly, where: project.folder }, { cause: error })
    : error;
}
