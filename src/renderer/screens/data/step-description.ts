import type { TFunction } from 'i18next';
import type { RecipeStepEffect, ShownStep } from '../../../shared/datasets/recipe.ts';
import { formatCount } from '../../format/format.ts';
import { languageName } from './language-name.ts';

/** What a step does more exactly, behind its name. */
export function describeStep(step: ShownStep, t: TFunction<'data'>): string | undefined {
  switch (step.kind) {
    case 'mapColumns':
      return Object.entries(step.columns)
        .filter(([, role]) => role !== 'ignored')
        .map(([column, role]) => `${column} → ${t(`role_${role}`)}`)
        .join(', ');
    case 'excludeDocuments':
    case 'includeDocuments':
      return t('stepDetail_documents', {
        count: step.documents,
        counted: formatCount(step.documents),
      });
    case 'excludeShorter':
      return t('stepDetail_shorter', { length: formatCount(step.characters) });
    case 'excludeLonger':
      return t('stepDetail_longer', { length: formatCount(step.characters) });
    case 'excludeContaining':
      return `“${step.text}”`;
    case 'replaceText': {
      const by = step.by === '' ? t('stepDetail_nothing') : `“${step.by}”`;
      return `${step.expression ? `/${step.text}/` : `“${step.text}”`} → ${by}`;
    }
    case 'maskPersonalData':
      return [
        ...step.what.map((kind) => t(`masked_${kind}`)),
        ...(step.names.length > 0
          ? [t('stepDetail_names', { count: step.names.length, counted: formatCount(step.names.length) })]
          : []),
      ].join(', ');
    case 'excludeLanguages':
      return t('stepDetail_languages', {
        languages: step.keep.map((code) => languageName(code) ?? code).join(', '),
      });
    case 'editDocument':
      return `“${step.text.slice(0, 80).replaceAll(/\s+/g, ' ')}${step.characters > 80 ? '…' : ''}”`;
    case 'excludeDuplicates':
    case 'excludeEmpty':
    case 'excludeSuspicious':
      return undefined;
  }
}

/** How many places a step replaced, by what stood there. */
export function describePlaces(
  places: NonNullable<RecipeStepEffect['places']>,
  t: TFunction<'data'>,
): string {
  return places
    .map(({ what, places: count }) =>
      what === 'text'
        ? t('replacedPlaces', { count, counted: formatCount(count) })
        : t('replacedOf', { what: t(`masked_${what}`), counted: formatCount(count) }),
    )
    .join(', ');
}
