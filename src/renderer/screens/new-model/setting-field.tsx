import type { TFunction } from 'i18next';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigurationKey } from '../../../shared/runs/setting-keys.ts';
import {
  settingAt,
  type ConfigurationIssue,
  type SettingChange,
} from '../../../shared/runs/configuration-issue.ts';
import { explainSetting, modelSetting, settingsOf } from '../../client/architectures.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { formatNumber } from '../../format/format.ts';
import type { Beginning } from './plan.ts';
import { EngineHint, EngineLink, enginePath, EngineSelect } from './engine-setting.tsx';

export interface SettingFieldProps {
  /** The setting's place in the configuration, with dots. */
  readonly path: string;
  readonly configuration: unknown;
  /** What the configuration began with. */
  readonly beginning: Beginning;
  readonly issues: readonly ConfigurationIssue[];
  readonly onChange: (changes: readonly SettingChange[]) => void;
}

type Translate = TFunction<'new-model'>;

/** A field for one setting of the configuration, made from what its schema says. */
export function SettingField(props: SettingFieldProps): JSX.Element | null {
  const { t } = useTranslation('new-model');
  const { path, issues, onChange } = props;
  const key = settingsOf(props.configuration).find((each) => each.path === path);
  if (key === undefined) return null;
  const wrong = issues.filter((each) => each.path === path && each.severity === 'error');
  return (
    <Field
      label={explainSetting(path)?.name ?? path}
      setting={path}
      // In half a row, a small window would cut its entries short.
      className={path === enginePath ? 'sm:col-span-2' : ''}
      hint={path === enginePath ? <EngineHint /> : hintOf(key, props, t)}
      error={
        wrong.length === 0
          ? undefined
          : wrong.map(({ rule, what, corrections }) => (
              <span key={rule} className="block">
                {what} {path === enginePath && <EngineLink />}
                <span className="mt-1 flex flex-wrap gap-1.5">
                  {corrections.map(({ label, changes }) => (
                    <Button key={label} size="small" onClick={() => onChange(changes)}>
                      {label}
                    </Button>
                  ))}
                </span>
              </span>
            ))
      }
    >
      <Control {...props} setting={key} />
    </Field>
  );
}

/** The value that the plan began with, where it has another one. */
function hintOf(
  { path, default: usual, value: kind }: ConfigurationKey,
  { configuration, beginning }: SettingFieldProps,
  t: Translate,
): string | undefined {
  const [mine, theirs] = [configuration, beginning.configuration].map(
    (each) => settingAt(each, path) ?? usual,
  );
  if (mine !== theirs)
    return t(beginning.kind === 'preset' ? 'presetHas' : 'modelHas', {
      beginning: beginning.name,
      value: shownValue(path, theirs, configuration, t),
    });
  return mine === undefined && kind.kind === 'number' ? t('defaultNone') : undefined;
}

/** A setting's value as the form shows it. */
export function shownValue(path: string, value: unknown, configuration: unknown, t: Translate): string {
  if (typeof value === 'number') return formatNumber(value, 10);
  if (typeof value === 'boolean') return t(value ? 'on' : 'off');
  return typeof value === 'string' && value !== ''
    ? choiceTexts(path, value, configuration).label
    : t('automatic');
}

/** How much one press of an arrow key changes a number. */
function stepOf(whole: boolean, value: number): number {
  if (whole) return 1;
  return value === 0 ? 0.1 : 10 ** Math.floor(Math.log10(Math.abs(value)));
}

function Control({
  path,
  configuration,
  onChange,
  setting,
}: SettingFieldProps & { readonly setting: ConfigurationKey }): JSX.Element {
  const { t } = useTranslation('new-model');
  if (path === enginePath) return <EngineSelect configuration={configuration} onChange={onChange} />;
  const { value: kind, default: usual } = setting;
  const given = settingAt(configuration, path);
  const value = given ?? usual;
  const set = (next: string | number | boolean | undefined) =>
    onChange([{ path, ...(next === undefined ? {} : { value: next }) }]);
  switch (kind.kind) {
    case 'number': {
      const number = typeof value === 'number' ? value : null;
      return (
        <NumberInput
          value={number}
          onChange={(next) => set(next ?? undefined)}
          min={kind.minimum}
          max={kind.maximum}
          step={stepOf(kind.whole, number ?? 1)}
          placeholder={t('automatic')}
        />
      );
    }
    case 'choice':
      return (
        <Select
          value={typeof value === 'string' ? value : null}
          onChange={set}
          options={kind.choices.map((choice) => ({
            value: choice,
            ...choiceTexts(path, choice, configuration),
          }))}
        />
      );
    case 'switch':
      return (
        <Select
          value={value === true ? 'on' : 'off'}
          onChange={(next) => set(next === 'on')}
          options={[
            { value: 'on', label: t('on') },
            { value: 'off', label: t('off') },
          ]}
        />
      );
    case 'text':
      return <TextInput value={typeof value === 'string' ? value : ''} onChange={set} />;
    default:
      return kind satisfies never;
  }
}

/** What a value that is a word is called, and what there is to say of it. */
function choiceTexts(
  path: string,
  choice: string,
  configuration: unknown,
): { readonly label: string; readonly hint?: string } {
  return modelSetting(path, configuration)?.choices?.[choice] ?? { label: choice };
}

/** Fields of several settings, side by side. */
export function SettingFields({
  paths,
  ...shared
}: Omit<SettingFieldProps, 'path'> & { readonly paths: readonly string[] }): JSX.Element {
  return (
    <div className="grid gap-x-5 gap-y-3.5 sm:grid-cols-2 2xl:grid-cols-3">
      {paths.map((path) => (
        <SettingField key={path} path={path} {...shared} />
      ))}
    </div>
  );
}
