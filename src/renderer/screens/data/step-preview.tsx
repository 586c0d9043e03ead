import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  recipeStepSchema,
  type RecipeStep,
  type ReplacementExample,
} from '../../../shared/datasets/recipe.ts';
import { api } from '../../client/client.ts';
import { formatCount } from '../../format/format.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { useDebounced } from '../../client/use-debounced.ts';
import { describePlaces } from './step-description.ts';
import { StepEffect } from './step-effect.tsx';

export type TriedStep = ReturnType<typeof useTriedStep>;

/** What a step would do, at the end of the recipe or in the place of the step at `position`. */
export function useTriedStep(name: string, step: RecipeStep | undefined, position: number | undefined) {
  const wanted = step === undefined ? '' : JSON.stringify(step);
  const settled = useDebounced(wanted, 300);
  const tried = useQuery(
    api.datasets.tryStep.queryOptions({
      input: {
        name,
        step: recipeStepSchema.parse(settled === '' ? { kind: 'excludeEmpty' } : JSON.parse(settled)),
        ...(position === undefined ? {} : { position }),
      },
      enabled: settled !== '',
      placeholderData: keepPreviousData,
      gcTime: 30_000,
      retry: false,
    }),
  );
  return { ...tried, isOld: settled !== wanted || tried.isPlaceholderData };
}

/** What a step would do, with some of the documents that it concerns. */
export function StepPreview({ tried }: { readonly tried: TriedStep }): JSX.Element {
  const { t } = useTranslation('data');
  const { data } = tried;
  return (
    <section aria-label={t('stepPreview')} className="rounded-lg bg-sunken px-3.5 py-3">
      <h3 className="mb-1 text-sm font-medium">{t('stepPreview')}</h3>
      {/* Another step's figures would be taken for this one's. */}
      {tried.isOld || tried.isPending ? (
        <Loading label={t('stepCounting')} />
      ) : (
        <ErrorNotice error={tried.error} onRetry={() => void tried.refetch()} />
      )}
      {data !== undefined && !tried.isOld && (
        <>
          <p role="status" className="flex justify-between">
            <StepEffect effect={data.effect} />
            <span className="figures text-ink-faint">
              {t('stepEffect', {
                before: formatCount(data.effect.before),
                after: formatCount(data.effect.after),
              })}
            </span>
          </p>
          {data.effect.places !== undefined && data.effect.places.length > 0 && (
            <p className="figures text-sm text-ink-soft">{describePlaces(data.effect.places, t)}</p>
          )}
          <Replacements examples={data.replacements.slice(0, 6)} />
          {data.examples.length > 0 && (
            <ul aria-label={t('stepExamples')} className="mt-2 flex flex-col gap-1 text-sm text-ink-soft">
              {data.examples.slice(0, 5).map(({ key, preview, source, place }) => (
                <li key={key} className="flex gap-3">
                  <span className="min-w-0 flex-1 truncate">
                    {preview.trim() === '' ? (
                      <span className="italic">{t('emptyDocument')}</span>
                    ) : (
                      <bdi>{preview}</bdi>
                    )}
                  </span>
                  <span className="max-w-40 truncate text-ink-faint">
                    {source}:{place}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  );
}

/** Places in texts with what would stand there, in the words around them. */
function Replacements({
  examples,
}: {
  readonly examples: readonly ReplacementExample[];
}): JSX.Element | null {
  const { t } = useTranslation('data');
  if (examples.length === 0) return null;
  return (
    <ul aria-label={t('stepReplacements')} className="mt-2 flex flex-col gap-1.5 text-sm text-ink-soft">
      {examples.map(({ key, source, place, before, found, by, after }) => (
        <li key={key} className="flex gap-3">
          <span className="min-w-0 flex-1 wrap-anywhere">
            …{before}
            <del className="rounded-sm bg-danger-soft px-0.5">{found}</del>
            {by !== '' && <ins className="ml-0.5 rounded-sm bg-success-soft px-0.5 no-underline">{by}</ins>}
            {after}…
          </span>
          <span className="max-w-40 truncate text-ink-faint">
            {source}:{place}
          </span>
        </li>
      ))}
    </ul>
  );
}
