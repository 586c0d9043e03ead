import type { StoreLoss } from '../../../shared/projects/project.ts';
import type { Project } from '../projects/projects.ts';
import { listStoreLosses } from '../store/verifications.ts';
import { readNames } from './stored-names.ts';
import { listUnknownArtefacts } from './unknown-artefacts.ts';

/** What a project's store was found to lack and nobody has accepted yet. */
export async function describeLoss(project: Project): Promise<StoreLoss | undefined> {
  const losses = listStoreLosses(project.store);
  const [last] = losses;
  if (last === undefined) return undefined;
  return {
    foundAt: last.foundAt,
    changes: losses.reduce((sum, { changes }) => sum + changes, 0),
    unknown: [...(await listUnknownArtefacts(project.folder, readNames(project.paths.store)))],
  };
}

/** A loss in two sentences, for a terminal or a page. */
export function describeLossInWords(changes: number): string {
  return `The project’s store lacks its last ${changes.toLocaleString('en')} change${changes === 1 ? '' : 's'}: its write-ahead log was lost or damaged, or an older copy of it is in its place.`;
}
