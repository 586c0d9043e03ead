import { z } from 'zod';
import { columnMappingSchema } from './columns.ts';
import { problemOfExpression } from './expression.ts';
import { personalData } from './personal-data.ts';

/**
 * Names a document by the content of its record, so that a step finds it again when files are added, renamed or exported
 * anew: 16 hexadecimal digits of its SHA-256; the second document of the same content has `~2` behind, and so on.
 */
export const documentKeySchema = z.string().regex(/^[0-9a-f]{16}(~[1-9]\d*)?$/);

/** How many documents one step may name; more are left out by what they have in common. */
export const mostKeysInStep = 10_000;
/** UTF-16 units. */
export const longestEditedText = 1_000_000;

/** How many names one step may mask. */
export const mostMaskedNames = 500;

const keys = z.array(documentKeySchema).min(1).max(mostKeysInStep);

/** Steps that say all in a few words. */
const shortSteps = [
  z.strictObject({ kind: z.literal('mapColumns'), columns: columnMappingSchema }),
  /** Leaves out each document whose text is that of an earlier one, to the letter. */
  z.strictObject({ kind: z.literal('excludeDuplicates') }),
  /** Leaves out documents of nothing but white space. */
  z.strictObject({ kind: z.literal('excludeEmpty') }),
  z.strictObject({ kind: z.literal('excludeShorter'), characters: z.int().positive() }),
  z.strictObject({ kind: z.literal('excludeLonger'), characters: z.int().positive() }),
  z.strictObject({
    kind: z.literal('excludeContaining'),
    text: z.string().min(1).max(1000),
    matchCase: z.boolean().default(false),
  }),
  /** Keeps only documents in these languages (ISO 639-1), and those too short to tell where `keepUnknown`. */
  z.strictObject({
    kind: z.literal('excludeLanguages'),
    keep: z.array(z.string().regex(/^[a-z]{2,3}$/)).min(1),
    keepUnknown: z.boolean().default(true),
  }),
  /** Leaves out documents that look as if they were read in a wrong encoding. */
  z.strictObject({ kind: z.literal('excludeSuspicious') }),
  /** Puts another text in the place of one, wherever it stands, also in documents that are left out. */
  z
    .strictObject({
      kind: z.literal('replaceText'),
      text: z.string().min(1).max(1000),
      by: z.string().max(1000),
      matchCase: z.boolean().default(false),
      /** Whether `text` is a regular expression; `by` may then say $1, $<name>, $&, \\n and \\t. */
      expression: z.boolean().default(false),
    })
    .superRefine(({ text, matchCase, expression }, context) => {
      const problem = expression ? problemOfExpression(text, matchCase) : undefined;
      if (problem !== undefined) context.addIssue({ code: 'custom', path: ['text'], message: problem });
    }),
  /** Puts a placeholder in the place of what names or reaches a person, also in documents that are left out. */
  z
    .strictObject({
      kind: z.literal('maskPersonalData'),
      what: z.array(z.enum(personalData)),
      /** Names of people, in upper and lower case as they are written. */
      names: z.array(z.string().trim().min(1).max(100)).max(mostMaskedNames).default([]),
    })
    .refine(({ what, names }) => what.length + names.length > 0, 'Nothing is chosen that should be masked.'),
] as const;

/**
 * A step of a recipe. The sources stay as they are; steps say what is made of them. They act in order, each on what those
 * before it left; only the mapping of columns comes first wherever it stands, and the last one counts.
 */
export const recipeStepSchema = z.discriminatedUnion('kind', [
  ...shortSteps,
  z.strictObject({ kind: z.literal('excludeDocuments'), keys }),
  /** Takes documents back that an earlier step left out. */
  z.strictObject({ kind: z.literal('includeDocuments'), keys }),
  z.strictObject({
    kind: z.literal('editDocument'),
    key: documentKeySchema,
    text: z.string().max(longestEditedText),
  }),
]);
export type RecipeStep = z.output<typeof recipeStepSchema>;

/** How many steps a recipe may have. */
export const mostSteps = 2000;

export const recipeSchema = z.array(recipeStepSchema).max(mostSteps);
export type Recipe = z.output<typeof recipeSchema>;

/** What a person wants to do to a recipe. */
export const recipeChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('add'), step: recipeStepSchema }),
  /** `position` from 0. */
  z.strictObject({ kind: z.literal('remove'), position: z.int().nonnegative() }),
  /** Puts another step in the place of one. */
  z.strictObject({ kind: z.literal('change'), position: z.int().nonnegative(), step: recipeStepSchema }),
  z.strictObject({ kind: z.literal('undo') }),
  z.strictObject({ kind: z.literal('redo') }),
  /** Puts other steps in the place of all. */
  z.strictObject({ kind: z.literal('replace'), steps: recipeSchema }),
  /** Puts the steps of another dataset in the place of all. */
  z.strictObject({ kind: z.literal('copy'), from: z.string() }),
]);
export type RecipeChange = z.output<typeof recipeChangeSchema>;

/** UTF-16 units of an edited text that are sent with a list of steps. */
export const longestShownEdit = 200;

/** A step as a list shows it: long texts are cut, and documents are only counted. */
export const shownStepSchema = z.discriminatedUnion('kind', [
  ...shortSteps,
  z.strictObject({ kind: z.literal('excludeDocuments'), documents: z.int().positive() }),
  z.strictObject({ kind: z.literal('includeDocuments'), documents: z.int().positive() }),
  z.strictObject({
    kind: z.literal('editDocument'),
    key: documentKeySchema,
    text: z.string().max(longestShownEdit),
    /** Of the whole text. */
    characters: z.int().nonnegative(),
  }),
]);
export type ShownStep = z.output<typeof shownStepSchema>;

/** A step as a list shows it. */
export function showStep(step: RecipeStep): ShownStep {
  switch (step.kind) {
    case 'excludeDocuments':
    case 'includeDocuments':
      return { kind: step.kind, documents: step.keys.length };
    case 'editDocument':
      return {
        ...step,
        text: step.text.slice(0, longestShownEdit).toWellFormed(),
        characters: step.text.length,
      };
    default:
      return step;
  }
}

/** What a step replaces. */
export const replacedThings = ['text', ...personalData, 'name'] as const;
export type ReplacedThing = (typeof replacedThings)[number];

/** A step and what it did. */
export const recipeStepEffectSchema = z.strictObject({
  step: shownStepSchema,
  /** Documents left before and after it. */
  before: z.int().nonnegative(),
  after: z.int().nonnegative(),
  /** Documents whose text it changed. */
  changed: z.int().nonnegative(),
  /** Documents that it names but that the sources do not hold (any more). */
  missing: z.int().nonnegative(),
  /** Of a step that replaces: the places that it replaced in the documents it was given, by what stood there. */
  places: z.array(z.strictObject({ what: z.enum(replacedThings), places: z.int().positive() })).optional(),
});
export type RecipeStepEffect = z.output<typeof recipeStepEffectSchema>;

/** A place where a step replaces something, with the text around it. */
export const replacementExampleSchema = z.strictObject({
  key: documentKeySchema,
  source: z.string(),
  place: z.int().positive(),
  before: z.string(),
  found: z.string(),
  by: z.string(),
  after: z.string(),
});
export type ReplacementExample = z.output<typeof replacementExampleSchema>;
