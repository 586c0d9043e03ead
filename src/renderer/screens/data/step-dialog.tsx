import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { unknownLanguage } from '../../../shared/datasets/document.ts';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import type { RecipeChanges } from './recipe-changes.ts';
import { emptyStepForm, formKinds, stepOf, type StepForm } from './step-form.ts';
import { StepPreview, useTriedStep } from './step-preview.tsx';
import { StepSettings } from './step-settings.tsx';

export interface StepDialogProps {
  readonly name: string;
  readonly recipe: RecipeChanges;
  /** The step that is changed, by its position from 0; without it one is added. */
  readonly changed?: { readonly position: number; readonly form: Partial<StepForm> } | undefined;
  readonly onClose: () => void;
}

/** The form for a step, new or changed, with what it would do. */
export function StepDialog({ name, recipe, changed, onClose }: StepDialogProps): JSX.Element {
  const { t } = useTranslation('data');
  const details = useQuery(api.datasets.show.queryOptions({ input: { name } }));
  const statistics = useQuery(api.datasets.statistics.queryOptions({ input: { name } }));
  const columns = details.data?.columns ?? [];
  const [own, setOwn] = useState<Partial<StepForm>>(changed?.form ?? {});
  // A step that is changed may have left out what another choice of it keeps.
  const shown = changed === undefined ? statistics.data?.after : statistics.data?.before;
  const languages = (shown?.languages ?? []).filter(({ language }) => language !== unknownLanguage);
  const form: StepForm = {
    ...emptyStepForm,
    shorter: Math.max(1, shown?.lengths.low ?? 20),
    longer: Math.max(1, shown?.lengths.high ?? 10_000),
    keep: languages.slice(0, 1).map(({ language }) => language),
    columns: Object.fromEntries(columns.map((column) => [column.name, column.role])),
    ...own,
  };
  const change = (changes: Partial<StepForm>): void => setOwn({ ...own, ...changes });
  const step = stepOf(form);
  const tried = useTriedStep(name, step, changed?.position);
  const save = (): void => {
    if (step === undefined) return;
    if (changed === undefined)
      recipe.change({ kind: 'add', step }, { said: t('stepAdded'), onDone: onClose });
    else
      recipe.change(
        { kind: 'change', position: changed.position, step },
        { said: t('stepSaved'), onDone: onClose },
      );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={changed === undefined ? t('stepDialogTitle') : t(`step_${form.kind}`)}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            disabled={step === undefined || (tried.isError && !tried.isOld)}
            busy={recipe.busy}
            onClick={save}
          >
            {changed === undefined ? t('stepAdd') : t('stepSave')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {changed === undefined ? (
          <Field label={t('stepKind')} hint={t(`stepText_${form.kind}`)}>
            <Select
              value={form.kind}
              onChange={(kind) => change({ kind })}
              options={formKinds
                .filter((kind) => kind !== 'mapColumns' || columns.length > 0)
                .map((kind) => ({ value: kind, label: t(`step_${kind}`) }))}
            />
          </Field>
        ) : (
          <p className="text-ink-soft">{t(`stepText_${form.kind}`)}</p>
        )}
        <StepSettings
          form={form}
          onChange={change}
          languages={languages}
          columns={columns.map((column) => column.name)}
        />
        <ErrorNotice error={recipe.error} />
        {step !== undefined && <StepPreview tried={tried} />}
      </div>
    </Dialog>
  );
}
