import { z } from 'zod';
import { contentHashSchema } from '../names.ts';
import { procedure } from '../rpc.ts';
import { datasetDetailsSchema, datasetSchema } from './dataset.ts';
import {
  documentDetailsSchema,
  documentQuerySchema,
  documentRowSchema,
  documentWindowSchema,
  longestWindow,
} from './document.ts';
import { datasetExportFormats } from './export.ts';
import { importInputSchema, importOriginSchema, inspectionSchema, uploadIdSchema } from './import.ts';
import {
  documentKeySchema,
  recipeChangeSchema,
  recipeStepEffectSchema,
  recipeStepSchema,
  replacementExampleSchema,
} from './recipe.ts';
import { datasetStatisticsSchema, tokenCountSchema } from './statistics.ts';

const reference = z.strictObject({ name: z.string() });
const started = z.strictObject({ job: z.int().positive() });
const versioned = reference.extend({
  /** The version that the change was made on; it is refused when another window has changed the dataset since. */
  version: contentHashSchema,
});

export const datasetsContract = {
  list: procedure.output(z.array(datasetSchema)),
  show: procedure.input(reference).output(datasetDetailsSchema),

  /** Looks at files before they are imported: at most the beginning of each. Throws only when nothing can be said. */
  inspect: procedure.input(importOriginSchema).output(inspectionSchema),
  /** Imports files as a dataset, or adds them to one. The uploads are gone when the job has succeeded. */
  import: procedure.input(importInputSchema).output(started),
  /** Throws uploads away that will not be imported. */
  discardUploads: procedure.input(z.strictObject({ uploads: z.array(uploadIdSchema) })),
  /** Writes the documents as the recipe leaves them into a new file among the project's exports. */
  export: procedure.input(reference.extend({ format: z.enum(datasetExportFormats) })).output(
    z.strictObject({
      file: z.string(),
      format: z.enum(datasetExportFormats),
      documents: z.int().nonnegative(),
      bytes: z.int().nonnegative(),
      parted: z.int().nonnegative(),
      /** Documents whose columns are left out, since their texts were written by hand. */
      withheld: z.int().nonnegative(),
    }),
  ),
  /** Takes files out of a dataset. One must stay. */
  removeFiles: procedure
    .input(versioned.extend({ files: z.array(z.string()).min(1) }))
    .output(z.strictObject({ version: contentHashSchema, freedBytes: z.number() })),
  /** What deleting the dataset would free, and what stands in the way. */
  deletion: procedure
    .input(reference)
    .output(z.strictObject({ freedBytes: z.number(), usedBy: z.array(z.string()) })),
  delete: procedure.input(reference).output(z.strictObject({ freedBytes: z.number() })),

  /** What deleting the texts and keeping what was made from them would free, and what could not be done any more. */
  textsDeletion: procedure.input(reference).output(
    z.strictObject({
      freedBytes: z.number(),
      /** What is at work on them, and must end first: "run first", "tokenizer small". */
      inUseBy: z.array(z.string()),
      /** Runs that wait to go on, and could not any more. */
      cannotGoOn: z.array(z.string()),
    }),
  ),
  deleteTexts: procedure.input(reference).output(z.strictObject({ freedBytes: z.number() })),

  /**
   * Makes the dataset ready to be looked at: the job to follow, or null when it is ready. The procedures below do the same
   * where it is needed, and answer when it is done.
   */
  prepare: procedure.input(reference).output(z.strictObject({ job: z.int().positive().nullable() })),
  /** A window of the documents that fit a query. Cancel the call to stop a search. */
  documents: procedure
    .input(
      reference.extend({
        query: documentQuerySchema,
        offset: z.int().nonnegative(),
        limit: z.int().min(0).max(longestWindow),
      }),
    )
    .output(documentWindowSchema),
  document: procedure.input(reference.extend({ key: documentKeySchema })).output(documentDetailsSchema),
  statistics: procedure.input(reference).output(datasetStatisticsSchema),

  /** The recipe, with what each step does. */
  recipe: procedure.input(reference).output(
    z.strictObject({
      version: contentHashSchema,
      steps: z.array(recipeStepEffectSchema),
      canUndo: z.boolean(),
      canRedo: z.boolean(),
    }),
  ),
  changeRecipe: procedure
    .input(versioned.extend({ change: recipeChangeSchema }))
    .output(z.strictObject({ version: contentHashSchema })),
  /**
   * What a step would do at the end of the recipe, or in the place of the step at `position`, with some of the documents
   * that it concerns and, where it replaces text, some of the places.
   */
  tryStep: procedure
    .input(reference.extend({ step: recipeStepSchema, position: z.int().nonnegative().optional() }))
    .output(
      z.strictObject({
        effect: recipeStepEffectSchema,
        examples: z.array(documentRowSchema),
        replacements: z.array(replacementExampleSchema),
      }),
    ),

  /** Tokens with a tokenizer: the exact number where it was counted, else an estimate. */
  tokens: procedure.input(reference.extend({ tokenizer: z.string() })).output(tokenCountSchema),
  /** Counts the tokens of every document; `tokens` knows them afterwards. */
  countTokens: procedure.input(reference.extend({ tokenizer: z.string() })).output(started),
};
