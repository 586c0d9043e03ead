import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { formatBytes } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { toast, toastError } from '../../components/toast.tsx';

export interface DeleteDatasetProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
  /** Offers to delete its texts where the dataset has to stay. */
  readonly onTexts?: (() => void) | undefined;
}

/** Asks before a dataset is deleted and says what it frees, or what stands in the way. */
export function DeleteDataset({ name, onClose, onDeleted, onTexts }: DeleteDatasetProps): JSX.Element {
  const { t } = useTranslation('data');
  const deletion = useQuery(api.datasets.deletion.queryOptions({ input: { name } }));
  const remove = useMutation(
    api.datasets.delete.mutationOptions({
      onSuccess: ({ freedBytes }) => {
        onClose();
        onDeleted?.();
        toast({
          title: t('deleted', { name }),
          text: t('freed', { bytes: formatBytes(freedBytes) }),
          tone: 'success',
        });
      },
      onError: toastError,
    }),
  );
  const usedBy = deletion.data?.usedBy ?? [];
  if (usedBy.length > 0)
    return (
      <Dialog
        open
        onOpenChange={onClose}
        size="small"
        title={t('cannotDeleteTitle', { name })}
        description={t('cannotDeleteText')}
        actions={
          <>
            <Button onClick={onClose}>{t('close')}</Button>
            {onTexts !== undefined && (
              <Button variant="danger" onClick={onTexts}>
                {t('deleteTexts')}
              </Button>
            )}
          </>
        }
      >
        <ul className="max-h-60 list-disc overflow-y-auto pl-5">
          {usedBy.map((user) => (
            <li key={user}>{user}</li>
          ))}
        </ul>
      </Dialog>
    );
  return (
    <ConfirmDialog
      open={deletion.data !== undefined || deletion.isError}
      onOpenChange={onClose}
      title={t('deleteTitle', { name })}
      confirmLabel={t('deleteConfirm')}
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ name })}
    >
      {t('deleteText', { bytes: formatBytes(deletion.data?.freedBytes) })}
    </ConfirmDialog>
  );
}
