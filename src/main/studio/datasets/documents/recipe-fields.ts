import { roleOf, type Fields } from '../../../../shared/datasets/columns.ts';
import type { Recipe } from '../../../../shared/datasets/recipe.ts';
import type { DocumentIndex } from './open-index.ts';
import { isRewriting, rewriteOf } from './rewrite.ts';
import { withinTime } from './time-limit.ts';

/** The fields of a document's record after a recipe. */
export interface RecipeFields {
  readonly fields: Fields;
  /** Whether fields are left out: a person wrote the document's text anew, and they would still say what it said before. */
  readonly withheld: boolean;
}

/**
 * What a recipe makes of the fields of records. What it replaces or masks in texts it does in every field as well: a name that
 * was taken out of a text must not stand beside it. Of a document whose text a person wrote, the fields that made its text are
 * left out.
 */
export function recipeFields(index: DocumentIndex, recipe: Recipe): (document: number) => RecipeFields {
  const rewrites = recipe.filter(isRewriting).map(rewriteOf);
  const written = new Set(
    recipe.flatMap((step) => (step.kind === 'editDocument' ? (index.find(step.key) ?? []) : [])),
  );
  const { mapping } = index.description;
  const makesText = (name: string): boolean => !['ignored', 'label'].includes(roleOf(mapping, name));
  return (document) => {
    const all = [...index.fields(document)];
    const kept = written.has(document) ? all.filter(([name]) => !makesText(name)) : all;
    const rewritten = kept.map(([name, value]): readonly [string, string] => [
      name,
      rewrites.reduce(
        (before, rewrite) => rewrite(before, undefined, rewrite.mayNotEnd === true ? withinTime : undefined),
        value,
      ),
    ]);
    return { fields: new Map(rewritten), withheld: kept.length < all.length };
  };
}
