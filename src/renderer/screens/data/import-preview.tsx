import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { givesText, type ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { ImportOrigin, Inspection } from '../../../shared/datasets/import.ts';
import type { ErrorAccount } from '../../../shared/errors.ts';
import { artefactNameSchema } from '../../../shared/names.ts';
import { api, client } from '../../client/client.ts';
import { formatBytes, formatCount } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { FilePreview } from './file-preview.tsx';
import { ImportFileList } from './import-file-list.tsx';
import { ImportOptions, type ImportChoices } from './import-options.tsx';
import { ReadingOptions, type ReadingSettings } from './reading-options.tsx';

export interface ImportPreviewProps {
  readonly origin: ImportOrigin;
  /** The same without files of these names, which the studio would not take: one of them would stop the import. */
  readonly without: (names: ReadonlySet<string>) => ImportOrigin;
  /** Files that did not reach the studio, and why. */
  readonly refused: readonly ErrorAccount[];
  /** Files of a folder that are of a kind that nobody reads. */
  readonly leftOut: readonly string[];
  readonly into: string | undefined;
  /** Called when nothing is to be imported. */
  readonly onClose: () => void;
  /** Called when the import has begun, with the names of files that it does without; `onClose` unless given. */
  readonly onImported?: (without: ReadonlySet<string>) => void;
  readonly onBack?: () => void;
  readonly onStarted: (job: number) => void;
}

/** What is about to be imported: its files, their first rows, what columns are for, what is wrong with them. */
export function ImportPreview(props: ImportPreviewProps): JSX.Element {
  const { into, onClose, onBack } = props;
  const { t } = useTranslation('data');
  const [settings, setSettings] = useState<ReadingSettings>({});
  const origin = { ...props.origin, ...settings };
  // Not under the datasets' key: what is looked at does not change when a dataset does.
  const inspection = useQuery({
    queryKey: ['inspection', origin],
    queryFn: ({ signal }) => client.datasets.inspect(origin, { signal }),
    gcTime: 0,
  });
  const title = into === undefined ? t('importTitle') : t('importIntoTitle', { name: into });
  if (inspection.data !== undefined)
    return (
      <Settled
        key={JSON.stringify(settings)}
        {...props}
        title={title}
        inspection={inspection.data}
        settings={settings}
        onSettings={setSettings}
      />
    );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      actions={
        <>
          {onBack !== undefined && <Button onClick={onBack}>{t('back')}</Button>}
          <Button onClick={onClose}>{t('cancel')}</Button>
        </>
      }
    >
      <ErrorNotice error={inspection.error} onRetry={() => void inspection.refetch()} />
      {inspection.isPending && <Loading label={t('importReading')} />}
    </Dialog>
  );
}

function Settled(
  props: ImportPreviewProps & {
    readonly title: string;
    readonly inspection: Inspection;
    readonly settings: ReadingSettings;
    readonly onSettings: (settings: ReadingSettings) => void;
  },
): JSX.Element {
  const { origin, without, refused, leftOut, into, inspection, title, onClose, onStarted, onBack } = props;
  const { settings, onSettings } = props;
  const { onImported = onClose } = props;
  const { t } = useTranslation('data');
  const datasets = useQuery(api.datasets.list.queryOptions());
  const [selected, setSelected] = useState(0);
  const [roles, setRoles] = useState<ColumnMapping>(() =>
    Object.fromEntries(inspection.columns.map(({ name, role }) => [name, role])),
  );
  const [choices, setChoices] = useState<ImportChoices>({
    name: into ?? inspection.suggestedName,
    replace: false,
    keepInPlace: false,
    leaveOutBad: true,
    recipeOf: undefined,
  });
  const { files } = inspection;
  const file = files[selected];
  const importable = files.filter(({ problems }) => problems.every(({ severity }) => severity !== 'refused'));
  const hasTables = inspection.columns.length > 0;
  const taken = into === undefined && (datasets.data ?? []).some(({ name }) => name === choices.name);
  const nameProblem =
    into === undefined ? artefactNameSchema.safeParse(choices.name).error?.issues[0]?.message : undefined;
  const reason = useId();
  /** Why nothing can be imported as it stands. */
  const blocked =
    importable.length === 0
      ? t('importBlockedNothing')
      : hasTables && !givesText(roles)
        ? t('importBlockedColumns')
        : nameProblem !== undefined
          ? t('importBlockedName')
          : taken && !choices.replace
            ? t('importBlockedTaken')
            : undefined;
  const ready = blocked === undefined;

  const notTaken = files.filter((each) => !importable.includes(each));
  const refusedNames = new Set(notTaken.map(({ name }) => name));
  // Those of a folder on this machine come along again, and the import says itself that it leaves them out.
  const comesAlong = (name: string): boolean => origin.paths.length > 0 && name.includes('/');
  const take = useMutation(
    api.datasets.import.mutationOptions({
      onSuccess: ({ job }) => {
        onStarted(job);
        onImported(refusedNames);
      },
    }),
  );
  const start = (): void =>
    take.mutate({
      ...without(refusedNames),
      name: choices.name,
      mode: into !== undefined ? 'append' : taken ? 'replace' : 'new',
      keepInPlace: choices.keepInPlace,
      leaveOutBadRecords: choices.leaveOutBad,
      leftOut: [
        ...refused.map(({ where = '', what }) => ({ name: where, reason: what })),
        ...notTaken
          .filter(({ name }) => !comesAlong(name))
          .map(({ name, problems }) => ({ name, reason: problems[0]?.account.what ?? '' })),
        ...leftOut.map((name) => ({ name, reason: t('importOtherKind') })),
      ].slice(0, 1000),
      ...settings,
      ...(hasTables ? { columns: roles } : {}),
      ...(choices.recipeOf === undefined ? {} : { recipeOf: choices.recipeOf }),
    });

  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="large"
      title={title}
      description={
        file !== undefined && inspection.totalFiles === 1
          ? [
              file.name,
              ...(file.format === undefined ? [] : [t(`format_${file.format}`), file.encoding]),
              formatBytes(file.bytes),
            ].join(' · ')
          : t('importFiles', {
              count: inspection.totalFiles,
              counted: formatCount(inspection.totalFiles),
              bytes: formatBytes(inspection.totalBytes),
            })
      }
      actions={
        <>
          {onBack !== undefined && (
            <Button className="mr-auto" onClick={onBack}>
              {t('back')}
            </Button>
          )}
          {blocked !== undefined && (
            <p id={reason} className="mr-2 self-center text-sm text-warning">
              {blocked}
            </p>
          )}
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            disabled={!ready}
            aria-describedby={blocked === undefined ? undefined : reason}
            busy={take.isPending}
            onClick={start}
          >
            {t('importStart')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {refused.map((account) => (
          <Notice
            key={`${account.where}`}
            tone="warning"
            title={`${t('importNotSent')}: ${account.where ?? ''}`}
          >
            {account.what} {account.remedy}
          </Notice>
        ))}
        {leftOut.length > 0 && (
          <Notice tone="info">
            {t('importLeftOut', {
              count: leftOut.length,
              counted: formatCount(leftOut.length),
              names: `${leftOut.slice(0, 5).join(', ')}${leftOut.length > 5 ? ', …' : ''}`,
            })}
          </Notice>
        )}
        {inspection.problems.map(({ account, severity }) =>
          severity === 'note' ? (
            <Notice key={account.what} tone="info" title={account.what}>
              {account.remedy}
            </Notice>
          ) : (
            <ErrorNotice key={account.what} error={account} />
          ),
        )}
        {files.length === 0 && inspection.problems.length === 0 && (
          <Notice tone="warning" title={t('importNothing')}>
            {t('importNothingRemedy')}
          </Notice>
        )}
        {file !== undefined && (
          <div
            className={`grid h-[min(24rem,50vh)] overflow-hidden rounded-lg border border-line ${files.length > 1 ? 'grid-cols-[16rem_minmax(0,1fr)]' : ''}`}
          >
            {files.length > 1 && (
              <ImportFileList
                files={files}
                total={inspection.totalFiles}
                roles={roles}
                selected={selected}
                onSelect={setSelected}
              />
            )}
            <FilePreview file={file} roles={roles} onRoles={setRoles} />
          </div>
        )}
        <ReadingOptions files={files} settings={settings} onSettings={onSettings} />
        {importable.length > 0 && (
          <ImportOptions
            choices={choices}
            onChoices={setChoices}
            nameProblem={nameProblem}
            taken={taken}
            into={into}
            canKeep={origin.paths.length > 0}
            hasBadRecords={files.some(({ problems }) =>
              problems.some(({ severity }) => severity === 'partly'),
            )}
            datasets={datasets.data ?? []}
          />
        )}
        {hasTables && !givesText(roles) && <Notice tone="warning">{t('importExampleNone')}</Notice>}
        <ErrorNotice error={take.error} />
      </div>
    </Dialog>
  );
}
