import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  tableDelimiters,
  tableQuotings,
  type TableDelimiter,
  type TableQuoting,
} from '../../../shared/datasets/dataset.ts';
import { textEncodings, type TextEncodingName } from '../../../shared/datasets/encodings.ts';
import type { ImportOrigin, InspectedFile } from '../../../shared/datasets/import.ts';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { Switch } from '../../components/switch.tsx';

/** What the person says of how files are read; what is not said is guessed from each file. */
export type ReadingSettings = Pick<ImportOrigin, 'headings' | 'delimiter' | 'quoting' | 'encoding' | 'list'>;

export interface ReadingOptionsProps {
  readonly files: readonly InspectedFile[];
  readonly settings: ReadingSettings;
  readonly onSettings: (settings: ReadingSettings) => void;
}

const delimiterNames = {
  ',': 'delimiter_comma',
  ';': 'delimiter_semicolon',
  '\t': 'delimiter_tab',
  '|': 'delimiter_bar',
} as const satisfies Record<TableDelimiter, string>;

/** Stands for what each file looks like, in lists of choices. */
const asGuessed = ' ';

/** How the files are read: what was guessed, and what can be said instead. */
export function ReadingOptions({ files, settings, onSettings }: ReadingOptionsProps): JSX.Element {
  const { t } = useTranslation('data');
  const tables = files.filter((file) => file.headings !== undefined);
  const lists = [...new Set(files.flatMap((file) => (file.lists ?? []).map((path) => path.join('.'))))];
  /** What all files agree on, or that each is read as it looks. */
  const common = (values: readonly (string | undefined)[]): string =>
    new Set(values).size === 1 ? (values[0] ?? asGuessed) : asGuessed;
  const several = { value: asGuessed, label: t('readingAsEach') };
  const delimiter = settings.delimiter ?? common(tables.map((file) => file.delimiter));
  const quoting = settings.quoting ?? common(tables.map((file) => file.quoting));
  const encoding = settings.encoding ?? common(files.map((file) => file.encoding));
  const list =
    settings.list ??
    common(files.filter((file) => file.lists !== undefined).map((file) => file.list?.join('.')));
  const hint = (chosen: unknown): string => t(chosen === undefined ? 'readingDetected' : 'readingChosen');
  const undetected = settings.encoding === undefined && files.every((file) => file.encoding === undefined);
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] items-start gap-x-6 gap-y-3">
      <Field
        label={t('importEncoding')}
        hint={undetected ? t('readingNotDetected') : hint(settings.encoding)}
      >
        <Select
          value={encoding}
          onChange={(value) =>
            onSettings({ ...settings, encoding: textEncodings.find((each) => each === value) })
          }
          options={[
            several,
            ...(isKnown(encoding) || encoding === asGuessed ? [] : [{ value: encoding, label: encoding }]),
            ...textEncodings.map((value) => ({ value, label: value })),
          ]}
        />
      </Field>
      {tables.length > 0 && (
        <>
          <Field label={t('importDelimiter')} hint={hint(settings.delimiter)}>
            <Select
              value={delimiter}
              onChange={(value) =>
                onSettings({ ...settings, delimiter: tableDelimiters.find((each) => each === value) })
              }
              options={[
                several,
                ...tableDelimiters.map((value) => ({ value, label: t(delimiterNames[value]) })),
              ]}
            />
          </Field>
          <Field label={t('importQuoting')} hint={hint(settings.quoting)}>
            <Select
              value={quoting}
              onChange={(value) =>
                onSettings({ ...settings, quoting: tableQuotings.find((each) => each === value) })
              }
              options={[
                several,
                ...tableQuotings.map((value: TableQuoting) => ({ value, label: t(`quoting_${value}`) })),
              ]}
            />
          </Field>
        </>
      )}
      {lists.length > 0 && (
        <Field label={t('importList')} hint={hint(settings.list)}>
          <Select
            value={list}
            onChange={(value) => onSettings({ ...settings, list: value === asGuessed ? undefined : value })}
            options={[
              ...(list === asGuessed ? [{ value: asGuessed, label: t('importListNone') }] : []),
              ...lists.map((value) => ({ value, label: value })),
            ]}
          />
        </Field>
      )}
      {tables.length > 0 && (
        <div className="pt-7">
          <Switch
            label={t('importHeadings', { count: tables.length })}
            checked={settings.headings ?? tables.every((each) => each.headings)}
            onChange={(headings) => onSettings({ ...settings, headings })}
          />
        </div>
      )}
    </div>
  );
}

function isKnown(encoding: string): encoding is TextEncodingName {
  return textEncodings.some((each) => each === encoding);
}
