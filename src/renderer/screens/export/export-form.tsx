import { useMutation, useQuery } from '@tanstack/react-query';
import { Box, FileCode2, PackageOpen } from 'lucide-react';
import { useDeferredValue, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { exportFormats, type ExportFormat } from '../../../shared/exports/export.ts';
import { api } from '../../client/client.ts';
import { useDraft } from '../../client/draft.ts';
import { findModel, refusalOf, useHeldModel } from '../../models/model-options.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Explain } from '../../components/explain.tsx';
import { Field } from '../../components/field.tsx';
import { FolderInput } from '../../components/folder-input.tsx';
import { ModelPicker } from '../../models/model-picker.tsx';

export interface ExportFormProps {
  readonly models: readonly ModelSummary[];
  readonly checkpoint: string | undefined;
  readonly format: ExportFormat;
  readonly onChange: (changes: { readonly checkpoint?: string; readonly format?: ExportFormat }) => void;
  readonly onStarted: (job: number) => void;
}

const looks = {
  onnx: { icon: Box, label: 'onnx', text: 'onnxText', term: 'export.onnx' },
  safetensors: {
    icon: FileCode2,
    label: 'safetensors',
    text: 'safetensorsText',
    term: 'export.safetensors',
  },
} as const;

/** What a model must be able to do to be run by other programs. */
const writing = ['generate'] as const;

/** Which model, in which form, to where. */
export function ExportForm({
  models,
  checkpoint,
  format,
  onChange,
  onStarted,
}: ExportFormProps): JSX.Element {
  const { t } = useTranslation('export');
  // In the other form any model can be written.
  const tasks = format === 'onnx' ? writing : undefined;
  const reference = useHeldModel(models, checkpoint, tasks);
  const model = reference === undefined ? undefined : findModel(models, reference);
  const refusal = refusalOf(model, tasks);
  // Undefined: the usual folder.
  const [folder, setFolder] = useDraft('export folder');
  const wanted = useDeferredValue(folder);
  const [asked, setAsked] = useState(false);
  const place = useQuery({
    ...api.exports.place.queryOptions({
      input: {
        checkpoint: reference ?? '',
        format,
        ...(wanted === undefined || wanted.trim() === '' ? {} : { folder: wanted.trim() }),
      },
    }),
    enabled: model !== undefined,
    staleTime: 0,
    placeholderData: (before) => before,
  });
  const occupied = place.data?.occupied;
  const run = useMutation(
    api.exports.run.mutationOptions({
      onSuccess: ({ job }) => {
        setAsked(false);
        onStarted(job);
      },
    }),
  );
  const blocked =
    model === undefined || refusal !== undefined || place.data === undefined || occupied === 'taken';
  const start = (replace: boolean): void =>
    run.mutate({
      checkpoint: reference ?? '',
      format,
      replace,
      ...(folder === undefined || folder.trim() === '' ? {} : { folder: folder.trim() }),
    });
  return (
    <Card title={t('formTitle')}>
      <div className="flex flex-col gap-4">
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-sm font-medium">{t('format')}</legend>
          <div className="grid max-w-3xl grid-cols-2 gap-3">
            {exportFormats.map((value) => (
              <FormatChoice
                key={value}
                format={value}
                chosen={value === format}
                onChoose={() => onChange({ format: value })}
              />
            ))}
          </div>
        </fieldset>
        <div className="flex flex-wrap items-start gap-4">
          <Field label={t('model')} error={refusal} className="w-72">
            <ModelPicker
              models={models}
              tasks={tasks}
              value={reference}
              onChange={(chosen) => onChange({ checkpoint: chosen })}
            />
          </Field>
          <Field
            label={t('folder')}
            explain="export.folder"
            hint={t('folderHint')}
            error={occupied === 'taken' ? t('occupiedTaken') : undefined}
            className="min-w-80 flex-1"
          >
            <FolderInput value={folder ?? place.data?.folder ?? ''} onChange={setFolder} />
          </Field>
        </div>
        {folder !== undefined && (
          <Button
            size="small"
            variant="quiet"
            className="-mt-2 self-end"
            onClick={() => setFolder(undefined)}
          >
            {t('usualFolder')}
          </Button>
        )}
        <ErrorNotice error={run.error ?? place.error} />
        <Button
          variant="primary"
          icon={PackageOpen}
          className="self-start"
          busy={run.isPending}
          disabled={blocked}
          onClick={() => {
            if (occupied === 'export') setAsked(true);
            else start(false);
          }}
        >
          {t('start')}
        </Button>
        <ConfirmDialog
          open={asked}
          onOpenChange={setAsked}
          title={t('replaceTitle')}
          confirmLabel={t('replace')}
          busy={run.isPending}
          onConfirm={() => start(true)}
        >
          <p>{t('replaceText')}</p>
          <p className="mt-1 font-mono text-sm wrap-anywhere">{place.data?.folder}</p>
          <ErrorNotice error={run.error} className="mt-3" />
        </ConfirmDialog>
      </div>
    </Card>
  );
}

function FormatChoice({
  format,
  chosen,
  onChoose,
}: {
  readonly format: ExportFormat;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}): JSX.Element {
  const { t } = useTranslation('export');
  const { icon: Icon, label, text, term } = looks[format];
  return (
    <div className="relative">
      <label className="flex h-full gap-3 rounded-lg border border-line-strong/60 p-3 hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent">
        <input
          type="radio"
          name="format"
          value={format}
          checked={chosen}
          onChange={onChoose}
          className="sr-only"
        />
        <Icon
          aria-hidden
          className={`mt-0.5 size-5 shrink-0 ${chosen ? 'text-accent-text' : 'text-ink-faint'}`}
        />
        <span className="min-w-0 pr-6">
          <span className="block font-semibold">{t(label)}</span>
          <span className="block text-sm text-ink-soft">{t(text)}</span>
        </span>
      </label>
      <span className="absolute top-2.5 right-2.5">
        <Explain term={term} />
      </span>
    </div>
  );
}
