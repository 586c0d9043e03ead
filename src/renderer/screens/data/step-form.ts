import type { ColumnMapping } from '../../../shared/datasets/columns.ts';
import { problemOfExpression } from '../../../shared/datasets/expression.ts';
import { personalData, type PersonalData } from '../../../shared/datasets/personal-data.ts';
import { recipeStepSchema, type RecipeStep, type ShownStep } from '../../../shared/datasets/recipe.ts';

/** The steps that are added and changed in a form; documents are chosen and edited where they are read. */
export const formKinds = [
  'excludeDuplicates',
  'excludeEmpty',
  'excludeShorter',
  'excludeLonger',
  'excludeContaining',
  'excludeLanguages',
  'excludeSuspicious',
  'replaceText',
  'maskPersonalData',
  'mapColumns',
] as const;
export type FormKind = (typeof formKinds)[number];

/** What is filled in, whichever kind of step it is for. */
export interface StepForm {
  readonly kind: FormKind;
  readonly shorter: number | null;
  readonly longer: number | null;
  readonly text: string;
  readonly by: string;
  readonly expression: boolean;
  readonly matchCase: boolean;
  readonly keep: readonly string[];
  readonly keepUnknown: boolean;
  readonly columns: ColumnMapping;
  readonly masked: readonly PersonalData[];
  /** One name a line. */
  readonly names: string;
}

/** What a form begins with where nothing is known better. */
export const emptyStepForm: StepForm = {
  kind: 'excludeDuplicates',
  shorter: 20,
  longer: 10_000,
  text: '',
  by: '',
  expression: false,
  matchCase: false,
  keep: [],
  keepUnknown: true,
  columns: {},
  masked: personalData,
  names: '',
};

/** The step that a form describes; undefined while it is incomplete. */
export function stepOf(form: StepForm): RecipeStep | undefined {
  const parsed = recipeStepSchema.safeParse(wantedStep(form));
  return parsed.success ? parsed.data : undefined;
}

/** Why a form's regular expression cannot be used, as a sentence. */
export function problemOf({ kind, text, expression, matchCase }: StepForm): string | undefined {
  return kind === 'replaceText' && expression && text !== ''
    ? problemOfExpression(text, matchCase)
    : undefined;
}

function wantedStep(form: StepForm): unknown {
  const { kind, text, matchCase } = form;
  switch (kind) {
    case 'excludeDuplicates':
    case 'excludeEmpty':
    case 'excludeSuspicious':
      return { kind };
    case 'excludeShorter':
      return { kind, characters: form.shorter };
    case 'excludeLonger':
      return { kind, characters: form.longer };
    case 'excludeContaining':
      return { kind, text, matchCase };
    case 'excludeLanguages':
      return { kind, keep: form.keep, keepUnknown: form.keepUnknown };
    case 'replaceText':
      return { kind, text, by: form.by, matchCase, expression: form.expression };
    case 'maskPersonalData':
      return { kind, what: form.masked, names: linesOf(form.names) };
    case 'mapColumns':
      return { kind, columns: form.columns };
  }
}

function linesOf(text: string): readonly string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
}

/** A form as a step of a recipe fills it; undefined for steps that no form changes. */
export function formOf(step: ShownStep): Partial<StepForm> | undefined {
  const { kind } = step;
  switch (kind) {
    case 'excludeDocuments':
    case 'includeDocuments':
    case 'editDocument':
    case 'excludeDuplicates':
    case 'excludeEmpty':
    case 'excludeSuspicious':
      return undefined;
    case 'excludeShorter':
      return { kind, shorter: step.characters };
    case 'excludeLonger':
      return { kind, longer: step.characters };
    case 'excludeContaining':
    case 'replaceText':
    case 'excludeLanguages':
    case 'mapColumns':
      return step;
    case 'maskPersonalData':
      return { kind, masked: step.what, names: step.names.join('\n') };
  }
}
