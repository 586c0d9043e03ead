import { givesText } from '../../../shared/datasets/columns.ts';
import { mostSteps, type Recipe, type RecipeChange } from '../../../shared/datasets/recipe.ts';
import { assertNever, LoamError } from '../../../shared/errors.ts';
import type { Project } from '../projects/projects.ts';
import { setDatasetVersion, type DatasetRow } from '../store/datasets.ts';
import { appendRecipe, lastRecipePosition, setRecipePosition } from '../store/recipes.ts';
import { columnsOf, versionHash } from './dataset-version.ts';
import { contentsOf, requireDataset } from './dataset-rows.ts';
import { requireVersion } from './sources-of-dataset.ts';

/**
 * Changes a dataset's recipe, as one step of its history: undo takes back whatever the last change was.
 * @returns the dataset's new version.
 * @throws LoamError when the dataset was changed since `version`, or there is nothing to undo, redo or remove.
 */
export function changeRecipe(
  project: Project,
  {
    name,
    version,
    change,
  }: { readonly name: string; readonly version: string; readonly change: RecipeChange },
): string {
  const { store } = project;
  return store.transaction(() => {
    const row = requireVersion(project, name, version);
    const { sources, recipe } = contentsOf(project, row);
    switch (change.kind) {
      case 'add':
        put([...recipe, change.step]);
        break;
      case 'remove':
        if (recipe[change.position] === undefined) throw nothingThere(name, 'The recipe has no such step.');
        put(withoutStep(name, recipe, change.position));
        break;
      case 'change': {
        const { position, step } = change;
        if (recipe[position] === undefined) throw nothingThere(name, 'The recipe has no such step.');
        put(withMapping(recipe.with(position, step), recipe));
        break;
      }
      case 'replace':
        put(withMapping(change.steps, recipe));
        break;
      case 'copy':
        put(withMapping(contentsOf(project, requireDataset(project, change.from)).recipe, recipe));
        break;
      case 'undo':
        if (row.recipePosition === 0) throw nothingThere(name, 'There is nothing to undo.');
        setRecipePosition(store, row.id, row.recipePosition - 1);
        break;
      case 'redo':
        if (row.recipePosition >= lastRecipePosition(store, row.id))
          throw nothingThere(name, 'There is nothing to redo.');
        setRecipePosition(store, row.id, row.recipePosition + 1);
        break;
      default:
        assertNever(change);
    }
    const { recipe: now } = contentsOf(project, { id: row.id, recipePosition: positionOf(row, change) });
    const hash = versionHash({ sources, recipe: now });
    setDatasetVersion(store, row.id, hash);
    return hash;

    function put(steps: Recipe): void {
      requireShort(name, steps);
      requireText(steps, columnsOf(sources));
      appendRecipe(store, row, steps, project.clock().toISOString());
    }
  });
}

/** @throws LoamError when the step is what says what the columns are for: without it the texts would be guessed. */
function withoutStep(name: string, recipe: Recipe, position: number): Recipe {
  const left = recipe.filter((_, each) => each !== position);
  if (recipe[position]?.kind === 'mapColumns' && !left.some(({ kind }) => kind === 'mapColumns'))
    throw new LoamError({
      kind: 'input',
      where: `dataset '${name}'`,
      what: 'This step says what the columns are for, and a table needs one.',
      remedy: 'Give the columns other roles instead of taking the step out.',
    });
  return left;
}

/** Steps that say nothing of columns leave these as they were. */
function withMapping(steps: Recipe, before: Recipe): Recipe {
  const mapping = before.findLast(({ kind }) => kind === 'mapColumns');
  return mapping === undefined || steps.some(({ kind }) => kind === 'mapColumns')
    ? steps
    : [mapping, ...steps];
}

function positionOf({ recipePosition }: DatasetRow, { kind }: RecipeChange): number {
  return kind === 'undo' ? recipePosition - 1 : recipePosition + 1;
}

/** Whether a dataset's history has something before, and after, where it stands. */
export function historyOf(
  project: Project,
  row: DatasetRow,
): { readonly canUndo: boolean; readonly canRedo: boolean } {
  return {
    canUndo: row.recipePosition > 0,
    canRedo: row.recipePosition < lastRecipePosition(project.store, row.id),
  };
}

function nothingThere(name: string, what: string): LoamError {
  return new LoamError({
    kind: 'input',
    where: `dataset '${name}'`,
    what,
    remedy: 'Look at the recipe as it is now.',
  });
}

/** @throws LoamError when a recipe has more steps than it may have. */
export function requireShort(dataset: string, recipe: Recipe): void {
  if (recipe.length <= mostSteps) return;
  throw new LoamError({
    kind: 'input',
    where: `dataset '${dataset}'`,
    what: `Its recipe would have ${recipe.length.toLocaleString('en')} steps, and ${mostSteps.toLocaleString('en')} is the most.`,
    remedy:
      'Take out steps that are needed no more, leave documents out together instead of one by one, or edit the texts in their files and import these anew.',
  });
}

function requireText(recipe: Recipe, columns: readonly string[]): void {
  for (const step of recipe)
    if (step.kind === 'mapColumns' && !givesText(step.columns))
      throw new LoamError({
        kind: 'input',
        where: 'columns',
        what: 'No column is text, an instruction, an input or an output, so that every document would be empty.',
        remedy: `Give one of the columns a role: ${columns.join(', ')}.`,
      });
}
