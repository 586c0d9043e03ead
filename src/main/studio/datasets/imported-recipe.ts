import { givesText, guessColumnMapping, type ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { Recipe } from '../../../shared/datasets/recipe.ts';
import { LoamError } from '../../../shared/errors.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import type { Project } from '../projects/projects.ts';
import type { DatasetSourceRow } from '../store/datasets.ts';
import { contentsOf, requireDataset } from './dataset-rows.ts';
import { columnsOf } from './dataset-version.ts';
import type { StagedSource } from './staged-sources.ts';

/**
 * The recipe that the dataset begins with, or goes on with.
 * @throws LoamError for roles of columns that there are not, or that leave no text
 */
export function recipeFor(
  project: Project,
  { columns, recipeOf }: { readonly columns?: ColumnMapping; readonly recipeOf?: string },
  before: Recipe | undefined,
  sources: readonly DatasetSourceRow[],
  staged: readonly StagedSource[],
): Recipe {
  const names = columnsOf(sources);
  if (columns !== undefined) requireKnownColumns(columns, names);
  const repeated =
    before ?? (recipeOf === undefined ? [] : contentsOf(project, requireDataset(project, recipeOf)).recipe);
  if (columns !== undefined) return [{ kind: 'mapColumns', columns }, ...withoutMapping(repeated)];
  if (names.length === 0 || repeated.some(({ kind }) => kind === 'mapColumns')) return repeated;
  // Where names alone do not say which column is the text, the values do; they are not looked at again later.
  const guessed = guessColumnMapping(names);
  const samples = new Map(
    names.map((name) => [name, staged.flatMap(({ settled }) => settled.survey.samples().get(name) ?? [])]),
  );
  const better = guessColumnMapping(names, samples);
  return JSON.stringify(guessed) === JSON.stringify(better)
    ? repeated
    : [{ kind: 'mapColumns', columns: better }, ...repeated];
}

function withoutMapping(recipe: Recipe): Recipe {
  return recipe.filter(({ kind }) => kind !== 'mapColumns');
}

function requireKnownColumns(columns: ColumnMapping, names: readonly string[]): void {
  const unknown = Object.keys(columns).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearestWord(unknown, names);
    throw new LoamError({
      kind: 'misuse',
      where: `column '${unknown}'`,
      what: 'There is no such column.',
      remedy:
        near === undefined
          ? `The columns are: ${names.join(', ') || 'none, since the files are plain text'}.`
          : `Did you mean '${near}'?`,
    });
  }
  if (!givesText(columns))
    throw new LoamError({
      kind: 'misuse',
      what: 'No column is text, an instruction, an input or an output, so that the documents would be empty.',
      remedy: `Give one of the columns a role: ${names.join(', ')}.`,
    });
}
