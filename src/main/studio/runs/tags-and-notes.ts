import { LoamError } from '../../../shared/errors.ts';
import type { Project } from '../projects/projects.ts';
import { setRunTags, updateRun } from '../store/runs.ts';
import { requireRun } from './runs.ts';

/** Puts tags on a run and takes others off; those that somebody else changed meanwhile stay as they are. */
export function changeTags(
  project: Project,
  name: string,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): void {
  project.store.transaction(() => {
    const { id, tags } = requireRun(project, name);
    setRunTags(project.store, id, [...tags.filter((tag) => !remove.includes(tag)), ...add]);
  });
}

/**
 * Replaces a run's note.
 * @param base the note that the writer saw.
 * @throws LoamError when the note is another by now: nobody's words are written over unseen.
 */
export function replaceNotes(
  project: Project,
  name: string,
  { notes, base }: { readonly notes: string; readonly base: string },
): void {
  project.store.transaction(() => {
    const run = requireRun(project, name);
    if (run.notes === notes) return;
    if (run.notes !== base)
      throw new LoamError({
        kind: 'input',
        where: `the note of run '${name}'`,
        what: 'Another window has written it meanwhile.',
        remedy: 'Look at both and choose which to keep.',
      });
    updateRun(project.store, run.id, { notes });
  });
}
