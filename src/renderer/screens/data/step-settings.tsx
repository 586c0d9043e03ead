import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { columnRoles } from '../../../shared/datasets/columns.ts';
import { personalData, placeholders } from '../../../shared/datasets/personal-data.ts';
import { formatCount } from '../../format/format.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { Select } from '../../components/select.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { languageName } from './language-name.ts';
import { problemOf, type StepForm } from './step-form.ts';

export interface StepSettingsProps {
  readonly form: StepForm;
  readonly onChange: (changes: Partial<StepForm>) => void;
  readonly languages: readonly { readonly language: string; readonly documents: number }[];
  readonly columns: readonly string[];
}

/** What a kind of step lets choose. */
export function StepSettings({ form, onChange, languages, columns }: StepSettingsProps): JSX.Element | null {
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
    case 'replaceText':
      return <ReplaceSettings form={form} onChange={onChange} />;
    case 'maskPersonalData':
      return <MaskSettings form={form} onChange={onChange} />;
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

type OwnProps = Pick<StepSettingsProps, 'form' | 'onChange'>;

function ReplaceSettings({ form, onChange }: OwnProps): JSX.Element {
  const { t } = useTranslation('data');
  return (
    <div className="flex flex-col gap-3">
      <Field
        label={form.expression ? t('stepExpressionText') : t('stepContains')}
        error={problemOf(form)}
        hint={form.expression ? t('stepExpressionHint') : undefined}
      >
        <TextInput
          value={form.text}
          onChange={(text) => onChange({ text })}
          maxLength={1000}
          className={form.expression ? 'font-mono' : ''}
        />
      </Field>
      <Field
        label={t('stepReplaceBy')}
        hint={form.expression ? t('stepReplaceByHint') : t('stepReplaceByNothing')}
      >
        <TextInput
          value={form.by}
          onChange={(by) => onChange({ by })}
          maxLength={1000}
          className={form.expression ? 'font-mono' : ''}
        />
      </Field>
      <Checkbox
        label={t('stepMatchCase')}
        checked={form.matchCase}
        onChange={(matchCase) => onChange({ matchCase })}
      />
      <Checkbox
        label={t('stepExpression')}
        checked={form.expression}
        onChange={(expression) => onChange({ expression })}
      />
    </div>
  );
}

function MaskSettings({ form, onChange }: OwnProps): JSX.Element {
  const { t } = useTranslation('data');
  return (
    <div className="flex flex-col gap-3">
      <fieldset className="grid grid-cols-2 gap-1.5">
        <legend className="mb-1 text-sm font-medium">{t('stepMaskWhat')}</legend>
        {personalData.map((kind) => (
          <Checkbox
            key={kind}
            label={
              <>
                {t(`masked_${kind}`)} <span className="text-ink-faint">→ {placeholders[kind]}</span>
              </>
            }
            checked={form.masked.includes(kind)}
            onChange={(wanted) =>
              onChange({
                masked: personalData.filter((each) => (each === kind ? wanted : form.masked.includes(each))),
              })
            }
          />
        ))}
      </fieldset>
      <Field label={t('stepMaskNames')} hint={t('stepMaskNamesHint', { placeholder: placeholders.name })}>
        <TextArea value={form.names} onChange={(names) => onChange({ names })} rows={3} />
      </Field>
      <Notice tone="warning">{t('stepMaskHonest')}</Notice>
      <Notice tone="info">{t('stepMaskOriginals')}</Notice>
    </div>
  );
}
