import { CircleAlert, CircleX, FileText, Table2 } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { givesText, type ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { InspectedFile } from '../../../shared/datasets/import.ts';
import { formatBytes, formatCount } from '../../format/format.ts';

export interface ImportFileListProps {
  readonly files: readonly InspectedFile[];
  readonly total: number;
  readonly roles: ColumnMapping;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
}

function isRefused({ problems }: InspectedFile): boolean {
  return problems.some(({ severity }) => severity === 'refused');
}

/** The files that are about to be imported, with what they are and a mark where something is wrong. */
export function ImportFileList(props: ImportFileListProps): JSX.Element {
  const { files, total, roles, selected, onSelect } = props;
  const { t } = useTranslation('data');
  return (
    <div className="flex min-h-0 flex-col border-r border-line bg-sunken">
      <ul aria-label={t('importFilesLabel')} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {files.map((file, index) => (
          <li key={file.name}>
            <button
              type="button"
              aria-current={index === selected || undefined}
              onClick={() => onSelect(index)}
              className="flex w-full items-start gap-2 rounded-md px-2 py-1.5 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:bg-surface aria-[current]:shadow-card"
            >
              <Mark file={file} roles={roles} />
              <span className="min-w-0">
                <span className="block truncate" title={file.name}>
                  {file.name}
                </span>
                <span className="block truncate text-sm text-ink-faint">
                  {file.format === undefined || isRefused(file)
                    ? t('importRefused')
                    : `${t(`format_${file.format}`)} · ${file.encoding ?? ''}`}{' '}
                  · {formatBytes(file.bytes)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {total > files.length && (
        <p className="border-t border-line px-3 py-1.5 text-sm text-ink-faint">
          {t('importFilesShown', { shown: formatCount(files.length) })}
        </p>
      )}
    </div>
  );
}

function Mark({ file, roles }: { readonly file: InspectedFile; readonly roles: ColumnMapping }): JSX.Element {
  const { t } = useTranslation('data');
  const worst = (['refused', 'partly'] as const).find((severity) =>
    file.problems.some((problem) => problem.severity === severity),
  );
  const place = 'mt-[3px] size-4 shrink-0';
  if (worst === 'refused')
    return <CircleX aria-label={t('importRefused')} className={`${place} text-danger`} />;
  const textless =
    file.columns.length > 0 &&
    !givesText(Object.fromEntries(file.columns.map(({ name }) => [name, roles[name] ?? 'ignored'])));
  if (worst === 'partly' || textless)
    return (
      <CircleAlert
        aria-label={t(textless ? 'importNoText' : 'importPartly')}
        className={`${place} text-warning`}
      />
    );
  const Icon = file.columns.length > 0 ? Table2 : FileText;
  return <Icon aria-hidden className={`${place} text-ink-faint`} />;
}
