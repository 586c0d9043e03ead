import { useMutation } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportSummary } from '../../../shared/exports/export.ts';
import { usagesOf, type ExportProgram } from '../../../shared/exports/usage.ts';
import { api } from '../../client/client.ts';
import { formatBytes, formatNumber } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { RevealButton } from '../../components/reveal-button.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { toast } from '../../components/toast.tsx';
import { Explain } from '../../components/explain.tsx';

export interface ExportDetailsProps {
  readonly made: ExportSummary;
  readonly onClose: () => void;
}

/** An export: whether it computes the same, where it lies, and the lines of code that use it. */
export function ExportDetails({ made, onClose }: ExportDetailsProps): JSX.Element {
  const { t } = useTranslation('export');
  const { checkpoint, format, folder, present, comparison, files } = made;
  const [deleting, setDeleting] = useState(false);
  return (
    <Dialog
      open
      size="large"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('detailsTitle', { model: checkpoint, format: t(format) })}
      actions={
        <>
          <Button icon={Trash2} variant="quiet" onClick={() => setDeleting(true)}>
            {t('delete')}
          </Button>
          <Button onClick={onClose}>{t('close')}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {!present && <Notice tone="warning">{t('goneText')}</Notice>}
        {comparison === undefined ? (
          <p className="text-ink-soft">{t('noVerdict')}</p>
        ) : (
          <Notice
            tone="success"
            title={
              <span className="inline-flex items-center gap-0.5">
                {t('verdict')}
                <Explain term="export.comparison" />
              </span>
            }
          >
            {t('verdictText', {
              difference: comparison.maximumDifference.toExponential(1),
              largest: formatNumber(comparison.largestLogit, 1),
            })}
          </Notice>
        )}
        <section>
          <h3 className="text-sm font-semibold text-ink-faint">{t('files')}</h3>
          <div className="flex items-center gap-1">
            <span className="min-w-0 flex-1 font-mono text-sm break-all text-ink-soft">{folder}</span>
            <CopyButton text={folder} what={t('copyPath', { folder })} />
            {present && <RevealButton folder={folder} />}
          </div>
          {window.loam === undefined && <p className="text-sm text-ink-soft">{t('whereText')}</p>}
          <p className="text-sm text-ink-faint">
            {files.join(' · ')} · {formatBytes(made.bytes)}
          </p>
        </section>
        {present && <HowTo made={made} />}
      </div>
      {deleting && <DeleteExportDialog made={made} onClose={() => setDeleting(false)} onDeleted={onClose} />}
    </Dialog>
  );
}

function HowTo({ made: { format, folder } }: { readonly made: ExportSummary }): JSX.Element | null {
  const { t } = useTranslation('export');
  const usages = usagesOf(format, folder);
  const [chosen, setChosen] = useState<ExportProgram>();
  const usage = usages.find(({ program }) => program === chosen) ?? usages[0];
  if (usage === undefined) return null;
  return (
    <section className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-sm font-semibold text-ink-faint">{t('howTo')}</h3>
        <SegmentedControl<ExportProgram>
          label={t('programs')}
          value={usage.program}
          onChange={setChosen}
          options={usages.map(({ program }) => ({ value: program, label: t(program) }))}
        />
      </div>
      <div className="flex items-center gap-2 text-sm">
        <span className="text-ink-faint">{t('install')}</span>
        <code className="min-w-0 flex-1 truncate rounded-sm bg-sunken px-1.5 py-0.5">{usage.install}</code>
        <CopyButton text={usage.install} />
      </div>
      <div className="relative">
        <pre
          tabIndex={0}
          aria-label={t('howTo')}
          className="overflow-x-auto rounded-md bg-sunken p-3 pr-20 text-sm leading-5"
        >
          <code>{usage.code}</code>
        </pre>
        <span className="absolute top-2 right-2">
          <CopyButton text={usage.code} label={t('copyCode')} />
        </span>
      </div>
    </section>
  );
}

function DeleteExportDialog({
  made,
  onClose,
  onDeleted,
}: {
  readonly made: ExportSummary;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}): JSX.Element {
  const { t } = useTranslation('export');
  const remove = useMutation(
    api.exports.delete.mutationOptions({
      onSuccess: ({ freedBytes, folderStays }) => {
        toast({
          title: t('deleted'),
          tone: 'success',
          ...(folderStays
            ? { text: t('folderStays', { folder: made.folder }) }
            : freedBytes === 0
              ? {}
              : { text: t('freed', { bytes: formatBytes(freedBytes) }) }),
        });
        onDeleted();
      },
    }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('deleteTitle')}
      confirmLabel={t('deleteConfirm')}
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ id: made.id })}
    >
      <p>{made.ownFolder ? t('deleteText', { bytes: formatBytes(made.bytes) }) : t('deleteOutsideText')}</p>
      <ErrorNotice error={remove.error} className="mt-3" />
    </ConfirmDialog>
  );
}
