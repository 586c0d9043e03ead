import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { api } from '../../client/client.ts';
import { formatBytes } from '../../format/format.ts';
import { modelName } from '../../models/model-options.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { toast } from '../../components/toast.tsx';

export interface DeleteModelDialogProps {
  readonly model: ModelSummary;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before a model is deleted: what that frees, and why it may still be needed. */
export function DeleteModelDialog({ model, onClose, onDeleted }: DeleteModelDialogProps): JSX.Element {
  const { t } = useTranslation('models');
  const { reference } = model;
  const name = modelName(model);
  // What is in the way changes from one moment to the next.
  const deletion = useQuery({
    ...api.checkpoints.deletion.queryOptions({ input: { reference } }),
    staleTime: 0,
    gcTime: 0,
  });
  const remove = useMutation(
    api.checkpoints.delete.mutationOptions({
      onSuccess: ({ freedBytes }) => {
        toast({
          title: t('deleted', { name }),
          text: t('freed', { bytes: formatBytes(freedBytes) }),
          tone: 'success',
        });
        onDeleted();
      },
    }),
  );
  const reasons = deletion.data?.reasons ?? [];
  const closeIfNot = (open: boolean): void => {
    if (!open) onClose();
  };
  if (deletion.error !== null)
    return (
      <Dialog
        open
        size="small"
        onOpenChange={closeIfNot}
        title={t('deleteTitle', { name })}
        actions={<Button onClick={onClose}>{t('close')}</Button>}
      >
        <ErrorNotice error={deletion.error} onRetry={() => void deletion.refetch()} />
      </Dialog>
    );
  return (
    <ConfirmDialog
      open
      onOpenChange={closeIfNot}
      title={t('deleteTitle', { name })}
      confirmLabel={t(reasons.length > 0 ? 'deleteAnyway' : 'deleteConfirm')}
      danger
      busy={remove.isPending || deletion.isPending}
      onConfirm={() => remove.mutate({ reference, confirmed: reasons.length > 0 })}
    >
      {deletion.data === undefined ? (
        <Loading />
      ) : (
        <div className="flex flex-col gap-3">
          <p>{t('deleteFrees', { bytes: formatBytes(deletion.data.bytes) })}</p>
          {reasons.length > 0 && (
            <Notice tone="warning" title={t('deleteNeeded')}>
              {reasons.map((reason) => (
                <p key={reason}>{reason}</p>
              ))}
            </Notice>
          )}
          <ErrorNotice error={remove.error} />
        </div>
      )}
    </ConfirmDialog>
  );
}
