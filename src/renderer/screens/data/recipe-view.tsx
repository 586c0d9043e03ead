import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Copy, ListChecks, Pencil, Plus, Redo2, Trash2, Undo2, X } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecipeStepEffect } from '../../../shared/datasets/recipe.ts';
import { api } from '../../client/client.ts';
import { formatCount } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { CopyRecipe } from './copy-recipe.tsx';
import type { RecipeChanges } from './recipe-changes.ts';
import type { DataSearch } from './search.ts';
import { describePlaces, describeStep } from './step-description.ts';
import { StepDialog, type StepDialogProps } from './step-dialog.tsx';
import { StepEffect } from './step-effect.tsx';
import { formOf } from './step-form.ts';

export interface RecipeViewProps {
  readonly name: string;
  readonly recipe: RecipeChanges;
  readonly onSearch: (changes: Partial<DataSearch>, replace?: boolean) => void;
}

/** The steps that make the documents from the sources, and what each does. */
export function RecipeView({ name, recipe, onSearch }: RecipeViewProps): JSX.Element {
  const { t } = useTranslation('data');
  const [adding, setAdding] = useState(false);
  const [copying, setCopying] = useState(false);
  const [changed, setChanged] = useState<StepDialogProps['changed']>();
  const steps = useQuery(
    api.datasets.recipe.queryOptions({ input: { name }, placeholderData: keepPreviousData }),
  );
  if (steps.error !== null)
    return (
      <ErrorNotice
        error={steps.error}
        onRetry={() => void steps.refetch()}
        actions={
          // The last step may be what cannot be done.
          <Button
            size="small"
            icon={Undo2}
            busy={recipe.busy}
            onClick={() => recipe.change({ kind: 'undo' })}
          >
            {t('undo')}
          </Button>
        }
      />
    );
  if (steps.data === undefined) return <Loading />;
  const { steps: list, canUndo, canRedo } = steps.data;
  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setAdding(true)}>
      {t('addStep')}
    </Button>
  );
  return (
    <div className="flex h-full min-h-0 max-w-4xl flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        {add}
        <Button
          icon={Undo2}
          disabled={!canUndo}
          busy={recipe.busy}
          onClick={() => recipe.change({ kind: 'undo' })}
        >
          {t('undo')}
        </Button>
        <Button
          icon={Redo2}
          disabled={!canRedo}
          busy={recipe.busy}
          onClick={() => recipe.change({ kind: 'redo' })}
        >
          {t('redo')}
        </Button>
        <Button variant="quiet" icon={Copy} onClick={() => setCopying(true)}>
          {t('recipeCopy')}
        </Button>
        {list.length > 0 && (
          <Button
            variant="quiet"
            icon={Trash2}
            className="ml-auto"
            busy={recipe.busy}
            onClick={() => recipe.change({ kind: 'replace', steps: [] }, { said: t('recipeRemovedAll') })}
          >
            {t('recipeStartOver')}
          </Button>
        )}
      </div>
      <Card flush className="min-h-0">
        <div className="h-full overflow-y-auto">
          {list.length === 0 ? (
            <EmptyState
              icon={ListChecks}
              title={t('recipeEmptyTitle')}
              text={t('recipeEmptyText')}
              actions={add}
            />
          ) : (
            <Steps
              steps={list}
              recipe={recipe}
              onChange={setChanged}
              onShow={(step) => onSearch({ view: 'documents', step }, false)}
            />
          )}
        </div>
      </Card>
      {adding && <StepDialog name={name} recipe={recipe} onClose={() => setAdding(false)} />}
      {changed !== undefined && (
        <StepDialog name={name} recipe={recipe} changed={changed} onClose={() => setChanged(undefined)} />
      )}
      {copying && <CopyRecipe name={name} recipe={recipe} onClose={() => setCopying(false)} />}
    </div>
  );
}

function Steps({
  steps,
  recipe,
  onChange,
  onShow,
}: {
  readonly steps: readonly RecipeStepEffect[];
  readonly recipe: RecipeChanges;
  readonly onChange: (changed: StepDialogProps['changed']) => void;
  /** Shows the documents that a step, from 1, left out. */
  readonly onShow: (step: number) => void;
}): JSX.Element {
  const { t } = useTranslation('data');
  const first = steps[0]?.before ?? 0;
  const last = steps.at(-1)?.after ?? first;
  return (
    <>
      <p className="flex justify-between border-b border-line px-4 py-2.5 text-ink-soft">
        {t('recipeSources')}
        <span className="figures font-semibold text-ink">{formatCount(first)}</span>
      </p>
      <ol aria-label={t('recipeLabel')}>
        {steps.map((effect, position) => {
          const { step, before, after, places } = effect;
          const detail = describeStep(step, t);
          const form = formOf(step);
          return (
            <li key={position} className="flex items-center gap-4 border-b border-line px-4 py-2.5">
              <span className="flex size-6 shrink-0 items-center justify-center rounded-full bg-sunken text-sm text-ink-faint">
                {position + 1}
              </span>
              <div className="min-w-0 flex-1">
                <p className="font-medium">{t(`step_${step.kind}`)}</p>
                {detail !== undefined && (
                  <p className="truncate text-sm text-ink-faint" title={detail}>
                    {detail}
                  </p>
                )}
                {places !== undefined && places.length > 0 && (
                  <p className="figures text-sm text-ink-faint">{describePlaces(places, t)}</p>
                )}
              </div>
              <div className="text-right text-sm text-ink-soft">
                {after < before ? (
                  <button
                    type="button"
                    className="link"
                    title={t('stepShow', { step: position + 1 })}
                    onClick={() => onShow(position + 1)}
                  >
                    <StepEffect effect={effect} />
                  </button>
                ) : (
                  <StepEffect effect={effect} />
                )}
              </div>
              <div className="figures w-32 text-right text-sm whitespace-nowrap">
                {before === after
                  ? formatCount(after)
                  : t('stepEffect', { before: formatCount(before), after: formatCount(after) })}
              </div>
              <span className="flex w-7 justify-end">
                {form !== undefined && (
                  <IconButton
                    icon={Pencil}
                    label={`${t('changeStep')}: ${t(`step_${step.kind}`)}`}
                    onClick={() => onChange({ position, form })}
                  />
                )}
              </span>
              <IconButton
                icon={X}
                label={`${t('removeStep')}: ${t(`step_${step.kind}`)}`}
                onClick={() => recipe.change({ kind: 'remove', position }, { said: t('stepRemoved') })}
              />
            </li>
          );
        })}
      </ol>
      <p className="flex justify-between px-4 py-2.5 text-ink-soft">
        {t('recipeResult')}
        <span className="figures font-semibold text-ink">{formatCount(last)}</span>
      </p>
    </>
  );
}
