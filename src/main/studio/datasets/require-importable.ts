import type { ImportInput } from '../../../shared/datasets/import.ts';
import { LoamError } from '../../../shared/errors.ts';
import { requireValidName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import { findDatasetRow } from '../store/datasets.ts';
import { requireDataset, requireTexts } from './dataset-rows.ts';

/**
 * What can be said against an import before its job begins, so that the form which asks for it can show it.
 * @throws LoamError for a name in use, or that of no dataset; for nothing to import.
 */
export function requireImportable(
  project: Project,
  { name, mode, paths, uploads, sample, recipeOf }: ImportInput,
): void {
  requireValidName('dataset', name);
  if (paths.length + uploads.length === 0 && sample === undefined)
    throw new LoamError({
      kind: 'misuse',
      what: 'There are no files to import.',
      remedy: 'Choose files or folders, or the sample.',
    });
  if (recipeOf !== undefined) requireDataset(project, recipeOf);
  if (mode === 'append') requireTexts(requireDataset(project, name));
  if (mode === 'new' && findDatasetRow(project.store, name) !== undefined)
    throw new LoamError({
      kind: 'input',
      where: `dataset '${name}'`,
      what: 'There is a dataset of this name already.',
      remedy: 'Choose another name, add the files to that dataset, or let them take its place.',
    });
}
