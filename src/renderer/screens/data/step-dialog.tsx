import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { unknownLanguage } from '../../../shared/datasets/document.ts';
import { recipeStepSchema, type RecipeStep } from '../../../shared/datasets/recipe.ts';
import { columnRoles, type ColumnMapping } from '../../../shared/datasets/columns.ts';
import { api } from '../../app/client.ts';
import { formatCount } from '../../app/format.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { languageName } from './language-name.ts';
import type { RecipeChanges } from './recipe-changes.ts';
import { useSettled } from './settled.ts';
import { StepEffect } from './step-effect.tsx';

/** The steps that are added here; documents are chosen and edited where they are read. */
const kinds = [
  'excludeDuplicates',
  'excludeEmpty',
  'excludeShorter',
  'excludeLonger',
  'excludeContaining',
  'excludeLanguages',
  'excludeSuspicious',
  'mapColumns',
] as const;
type Kind = (typeof kinds)[number];

/** What is filled in, whichever kind of step it is for. */
interface Form {
  readonly kind: Kind;
  readonly shorter: number | null;
  readonly longer: number | null;
  readonly text: string;
  readonly matchCase: boolean;
  readonly keep: readonly string[];
  readonly keepUnknown: boolean;
  readonly columns: ColumnMapping;
}

export interface StepDialogProps {
  readonly name: string;
  readonly recipe: RecipeChanges;
  readonly onClose: () => void;
}

/** The form for a new step, with what it would do. */
export function StepDialog({ name, recipe, onClose }: StepDialogProps): JSX.Element {
  const { t } = useTranslation('data');
  const details = useQuery(api.datasets.show.queryOptions({ input: { name } }));
  const statistics = useQuery(api.datasets.statistics.queryOptions({ input: { name } }));
  const columns = details.data?.columns ?? [];
  const [own, setOwn] = useState<Partial<Form>>({});
  const after = statistics.data?.after;
  const languages = (after?.languages ?? []).filter(({ language }) => language !== unknownLanguage);
  const form: Form = {
    kind: 'excludeDuplicates',
    shorter: Math.max(1, after?.lengths.low ?? 20),
    longer: Math.max(1, after?.lengths.high ?? 10_000),
    text: '',
    matchCase: false,
    keep: languages.slice(0, 1).map(({ language }) => language),
    keepUnknown: true,
    columns: Object.fromEntries(columns.map((column) => [column.name, column.role])),
    ...own,
  };
  const change = (changes: Partial<Form>): void => setOwn({ ...own, ...changes });
  const step = stepOf(form);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('stepDialogTitle')}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            disabled={step === undefined}
            busy={recipe.busy}
            onClick={() => {
              if (step !== undefined)
                recipe.change({ kind: 'add', step }, { said: t('stepAdded'), onDone: onClose });
            }}
          >
            {t('stepAdd')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('stepKind')} hint={t(`stepText_${form.kind}`)}>
          <Select
            value={form.kind}
            onChange={(kind) => change({ kind })}
            options={kinds
              .filter((kind) => kind !== 'mapColumns' || columns.length > 0)
              .map((kind) => ({ value: kind, label: t(`step_${kind}`) }))}
          />
        </Field>
        <Settings
          form={form}
          onChange={change}
          languages={languages}
          columns={columns.map((column) => column.name)}
        />
        <ErrorNotice error={recipe.error} />
        {step !== undefined && <Preview name={name} step={step} />}
      </div>
    </Dialog>
  );
}

/** The step that a form describes; undefined while it is incomplete. */
function stepOf(form: Form): RecipeStep | undefined {
  const parsed = recipeStepSchema.safeParse(wantedStep(form));
  return parsed.success ? parsed.data : undefined;
}

function wantedStep(form: Form): unknown {
  const { kind } = form;
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
      return { kind, text: form.text, matchCase: form.matchCase };
    case 'excludeLanguages':
      return { kind, keep: form.keep, keepUnknown: form.keepUnknown };
    case 'mapColumns':
      return { kind, columns: form.columns };
  }
}

interface SettingsProps {
  readonly form: Form;
  readonly onChange: (changes: Partial<Form>) => void;
  readonly languages: readonly { readonly language: string; readonly documents: number }[];
  readonly columns: readonly string[];
}

function Settings({ form, onChange, languages, columns }: SettingsProps): JSX.Element | null {
  const { t } = useTranslation('data');
  switch (form.kind) {
    case 'excludeDuplicates':
    case 'excludeEmpty':
    case 'excludeSuspicious':
      return null;
    case 'excludeShorter':
      return (
        <Field label={t('stepShorterThan')} explain="data.lengths">
          <NumberInput
            value={form.shorter}
            onChange={(shorter) => onChange({ shorter })}
            min={1}
            unit={t('charactersUnit')}
            className="w-56"
          />
        </Field>
      );
    case 'excludeLonger':
      return (
        <Field label={t('stepLongerThan')} explain="data.lengths">
          <NumberInput
            value={form.longer}
            onChange={(longer) => onChange({ longer })}
            min={1}
            unit={t('charactersUnit')}
            className="w-56"
          />
        </Field>
      );
    case 'excludeContaining':
      return (
        <div className="flex flex-col gap-2">
          <Field label={t('stepContains')}>
            <TextInput value={form.text} onChange={(text) => onChange({ text })} maxLength={1000} />
          </Field>
          <Checkbox
            label={t('stepMatchCase')}
            checked={form.matchCase}
            onChange={(matchCase) => onChange({ matchCase })}
          />
        </div>
      );
    case 'excludeLanguages':
      return (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">{t('stepLanguages')}</legend>
          <div className="grid max-h-48 grid-cols-2 gap-1.5 overflow-y-auto">
            {languages.map(({ language, documents }) => (
              <Checkbox
                key={language}
                label={`${languageName(language) ?? language} (${formatCount(documents)})`}
                checked={form.keep.includes(language)}
                onChange={(keep) =>
                  onChange({
                    keep: keep ? [...form.keep, language] : form.keep.filter((each) => each !== language),
                  })
                }
              />
            ))}
          </div>
          <Checkbox
            label={t('stepKeepUnknown')}
            checked={form.keepUnknown}
            onChange={(keepUnknown) => onChange({ keepUnknown })}
          />
        </fieldset>
      );
    case 'mapColumns':
      return (
        <div className="grid grid-cols-2 gap-3">
          {columns.map((column) => (
            <Field key={column} label={column}>
              <Select
                value={form.columns[column] ?? 'ignored'}
                onChange={(role) => onChange({ columns: { ...form.columns, [column]: role } })}
                options={columnRoles.map((role) => ({ value: role, label: t(`role_${role}`) }))}
              />
            </Field>
          ))}
        </div>
      );
  }
}

/** What a step would do, with some of the documents that it concerns. */
function Preview({ name, step }: { readonly name: string; readonly step: RecipeStep }): JSX.Element {
  const { t } = useTranslation('data');
  const settled = useSettled(JSON.stringify(step), 300);
  const tried = useQuery(
    api.datasets.tryStep.queryOptions({
      input: { name, step: recipeStepSchema.parse(JSON.parse(settled)) },
      placeholderData: keepPreviousData,
      gcTime: 30_000,
    }),
  );
  const { data } = tried;
  return (
    <section
      aria-label={t('stepPreview')}
      className={`rounded-lg bg-sunken px-3.5 py-3 ${tried.isPlaceholderData ? 'opacity-60' : ''}`}
    >
      <h3 className="mb-1 text-sm font-medium">{t('stepPreview')}</h3>
      <ErrorNotice error={tried.error} onRetry={() => void tried.refetch()} />
      {tried.isPending && <Loading />}
      {data !== undefined && (
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
