import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  columnRoles,
  composeText,
  givesText,
  mappingOf,
  roleOf,
  type ColumnMapping,
} from '../../../shared/datasets/columns.ts';
import type { InspectedFile } from '../../../shared/datasets/import.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Explain } from '../../components/explain.tsx';
import { Notice } from '../../components/notice.tsx';
import { Select } from '../../components/select.tsx';

export interface FilePreviewProps {
  readonly file: InspectedFile;
  readonly roles: ColumnMapping;
  readonly onRoles: (roles: ColumnMapping) => void;
}

/** The beginning of a file: its problems, its first rows under their columns, and the document that the first becomes. */
export function FilePreview({ file, roles, onRoles }: FilePreviewProps): JSX.Element {
  const { t } = useTranslation('data');
  return (
    <div className="flex min-h-0 min-w-0 flex-col gap-3 overflow-y-auto p-3">
      {file.problems.map(({ severity, account }) =>
        severity === 'refused' ? (
          <ErrorNotice key={account.what} error={account} />
        ) : (
          <Notice
            key={account.what}
            tone={severity === 'partly' ? 'warning' : 'info'}
            title={[account.where, account.what].filter((part) => part !== undefined).join(': ')}
          >
            {account.remedy}
          </Notice>
        ),
      )}
      {file.columns.length > 0 ? (
        <Columns file={file} roles={roles} onRoles={onRoles} />
      ) : (
        file.rows.map(([text = ''], index) => (
          <p
            key={index}
            className="rounded-md bg-sunken px-3 py-2 whitespace-pre-wrap text-ink-soft wrap-anywhere"
          >
            {text}
          </p>
        ))
      )}
      {!file.whole && file.format !== undefined && (
        <p className="text-sm text-ink-faint">{t('importOnlyBeginning')}</p>
      )}
    </div>
  );
}

function Columns({ file, roles, onRoles }: FilePreviewProps): JSX.Element {
  const { t } = useTranslation('data');
  const [first] = file.rows;
  const example =
    first === undefined
      ? ''
      : composeText(new Map(file.columns.map(({ name }, index) => [name, first[index] ?? ''])), roles);
  return (
    <>
      {file.columns.every(({ name }) => !givesText(mappingOf([[name, roleOf(roles, name)]]))) && (
        <Notice tone="warning">{t('importExampleNone')}</Notice>
      )}
      <p className="flex items-center gap-1 text-sm text-ink-faint">
        {t('importColumnsHint')}
        <Explain term="data.columns" />
      </p>
      <div className="shrink-0 overflow-x-auto rounded-md border border-line">
        <table
          aria-label={t('importPreviewLabel', { name: file.name })}
          className="w-full border-collapse text-sm"
        >
          <thead>
            <tr>
              {file.columns.map(({ name }) => (
                <th
                  key={name}
                  scope="col"
                  className="border-b border-line bg-sunken p-1.5 text-left align-top"
                >
                  <span className="mb-1 block max-w-48 truncate px-1 font-medium" title={name}>
                    {name}
                  </span>
                  <Select
                    label={t('roleOf', { column: name })}
                    size="small"
                    className="w-32"
                    value={roleOf(roles, name)}
                    onChange={(role) => onRoles({ ...roles, [name]: role })}
                    options={columnRoles.map((role) => ({ value: role, label: t(`role_${role}`) }))}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {file.rows.slice(0, 5).map((row, index) => (
              <tr key={index} className="border-b border-line last:border-b-0">
                {file.columns.map(({ name }, column) => (
                  <td
                    key={name}
                    className={`max-w-64 min-w-32 truncate px-2.5 py-1.5 ${roleOf(roles, name) === 'ignored' ? 'text-ink-faint' : ''}`}
                    title={row[column]}
                  >
                    {row[column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {example !== '' && (
        <section aria-label={t('importExample')}>
          <h3 className="mb-1 text-sm font-medium">{t('importExample')}</h3>
          <p className="rounded-md bg-sunken px-3 py-2 whitespace-pre-wrap text-ink-soft wrap-anywhere">
            {example}
          </p>
        </section>
      )}
    </>
  );
}
