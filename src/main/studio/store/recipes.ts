import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { recipeStepSchema, type Recipe } from '../../../shared/datasets/recipe.ts';
import type { Store } from './store.ts';

/** A dataset, and which state of its recipe holds. */
interface Place {
  readonly id: number;
  readonly recipePosition: number;
}

/** The state of a dataset's recipe at a position: at 0 what it was imported with, usually nothing. */
export function readRecipe(store: Store, datasetId: number, position: number): Recipe {
  return readSteps(store, readState(store, datasetId, position));
}

/** How many steps a dataset's recipe has at a position. */
export function countSteps(store: Store, datasetId: number, position: number): number {
  return parseIds(readState(store, datasetId, position)).length;
}

function readState(store: Store, datasetId: number, position: number): string | undefined {
  return store.first(
    store.query
      .selectFrom('recipeStates')
      .select('stepIdsJson')
      .where('datasetId', '=', datasetId)
      .where('position', '=', position),
  )?.stepIdsJson;
}

const parseIds = (stepIdsJson = '[]'): readonly number[] => JSON.parse(stepIdsJson) as readonly number[];

function readSteps(store: Store, stepIdsJson: string | undefined): Recipe {
  const ids = parseIds(stepIdsJson);
  const rows = store.all(
    store.query
      .selectFrom('recipeSteps')
      .select(['id', 'stepJson'])
      .where('id', 'in', [...new Set(ids)]),
  );
  const steps = new Map(rows.map(({ id, stepJson }) => [id, recipeStepSchema.parse(JSON.parse(stepJson))]));
  return ids.map((id) => {
    const step = steps.get(id);
    if (step === undefined) throw new Error(`There is no step ${id} of recipes.`);
    return step;
  });
}

/** Puts those steps into the store that are not there. @returns the numbers of all. */
function writeSteps(store: Store, recipe: Recipe): string {
  const ids = recipe.map((step) => {
    const stepJson = JSON.stringify(step);
    const hash = createHash('sha256').update(stepJson).digest('hex');
    const known = store.first(store.query.selectFrom('recipeSteps').select('id').where('hash', '=', hash));
    return (
      known?.id ??
      Number(store.run(store.query.insertInto('recipeSteps').values({ hash, stepJson })).lastInsertRowid)
    );
  });
  return JSON.stringify(ids);
}

/** The highest position that redo can reach. */
export function lastRecipePosition(store: Store, datasetId: number): number {
  const row = store.first(
    store.query
      .selectFrom('recipeStates')
      .select(({ fn }) => fn.max<number | null>('position').as('position'))
      .where('datasetId', '=', datasetId),
  );
  return row?.position ?? 0;
}

/** The recipe that a new dataset begins with: its history begins there, so that undo stops at it. */
export function beginRecipe(store: Store, datasetId: number, recipe: Recipe, createdAt: string): void {
  const stepIdsJson = writeSteps(store, recipe);
  store.run(
    store.query.insertInto('recipeStates').values({ datasetId, position: 0, stepIdsJson, createdAt }),
  );
}

/** Puts a state of the recipe behind the current one; what had been undone is gone. @returns its position. */
export function appendRecipe(store: Store, dataset: Place, recipe: Recipe, createdAt: string): number {
  return store.transaction(() => {
    const position = dataset.recipePosition + 1;
    const { changes } = store.run(
      store.query
        .deleteFrom('recipeStates')
        .where('datasetId', '=', dataset.id)
        .where('position', '>=', position),
    );
    const stepIdsJson = writeSteps(store, recipe);
    store.run(
      store.query
        .insertInto('recipeStates')
        .values({ datasetId: dataset.id, position, stepIdsJson, createdAt }),
    );
    setRecipePosition(store, dataset.id, position);
    if (changes > 0) deleteUnusedSteps(store);
    return position;
  });
}

export function setRecipePosition(store: Store, datasetId: number, position: number): void {
  store.run(
    store.query.updateTable('datasets').set({ recipePosition: position }).where('id', '=', datasetId),
  );
}

/** Gives a dataset the whole history of another's recipe. */
export function copyRecipes(store: Store, from: Place, to: number): void {
  store.run(
    store.query
      .insertInto('recipeStates')
      .columns(['datasetId', 'position', 'stepIdsJson', 'createdAt'])
      .expression(
        store.query
          .selectFrom('recipeStates')
          .where('datasetId', '=', from.id)
          .select([sql.lit(to).as('datasetId'), 'position', 'stepIdsJson', 'createdAt']),
      ),
  );
  setRecipePosition(store, to, from.recipePosition);
}

/** Keeps the recipe of a version that something was made from, wherever the dataset's history goes. */
export function keepRecipe(store: Store, datasetId: number, datasetHash: string, recipe: Recipe): void {
  store.transaction(() => {
    const stepIdsJson = writeSteps(store, recipe);
    store.run(
      store.query
        .insertInto('keptRecipes')
        .values({ datasetId, datasetHash, stepIdsJson })
        .onConflict((conflict) => conflict.doNothing()),
    );
  });
}

/** The recipe of a version that something was made from. */
export function findKeptRecipe(store: Store, datasetId: number, datasetHash: string): Recipe | undefined {
  const row = store.first(
    store.query
      .selectFrom('keptRecipes')
      .select('stepIdsJson')
      .where('datasetId', '=', datasetId)
      .where('datasetHash', '=', datasetHash),
  );
  return row === undefined ? undefined : readSteps(store, row.stepIdsJson);
}

/** The numbers of the steps that any state of a dataset's recipe has, or one of its versions that something was made from. */
export function listStepIdsOfDataset(store: Store, datasetId: number): readonly number[] {
  const states = store.query
    .selectFrom('recipeStates')
    .select('stepIdsJson')
    .where('datasetId', '=', datasetId);
  const kept = store.query.selectFrom('keptRecipes').select('stepIdsJson').where('datasetId', '=', datasetId);
  const rows = store.all(states.unionAll(kept));
  return [...new Set(rows.flatMap(({ stepIdsJson }) => parseIds(stepIdsJson)))];
}

/** Takes the steps out that no state of a recipe holds any more. */
export function deleteUnusedSteps(store: Store): void {
  store.run(
    store.query.deleteFrom('recipeSteps').where(
      'id',
      'not in',
      sql<number>`(
        SELECT step.value FROM recipeStates, json_each(stepIdsJson) AS step
        UNION SELECT step.value FROM keptRecipes, json_each(stepIdsJson) AS step
      )`,
    ),
  );
}
