import { useMutation, useQueries } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client } from '../client/client.ts';
import { formatBytes, noValue } from '../format/format.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { toast, toastError } from '../components/toast.tsx';

export interface DeleteRunsDialogProps {
  /** None: the dialog is closed. */
  readonly names: readonly string[];
  readonly onClose: () => void;
  readonly onDeleted?: (names: readonly string[]) => void;
}

/** Asks before runs are deleted, and says what that frees. */
export function DeleteRunsDialog({ names, onClose, onDeleted }: DeleteRunsDialogProps): JSX.Element {
  const { t } = useTranslation('run');
  const sizes = useQueries({
    queries: names.map((name) => api.runs.size.queryOptions({ input: { name } })),
  });
  const [name] = names;
  const known = sizes.every(({ data }) => data !== undefined);
  const bytes = sizes.reduce((sum, { data }) => sum + (data?.bytes ?? 0), 0);
  const remove = useMutation({
    mutationFn: async () => {
      let freed = 0;
      for (const name of names) freed += (await client.runs.delete({ name })).freedBytes;
      return freed;
    },
    onSuccess: (freed) => {
      toast({ title: t('deleted', { size: formatBytes(freed) }), tone: 'success' });
      onDeleted?.(names);
    },
    onError: toastError,
    onSettled: onClose,
  });
  const size = known ? formatBytes(bytes) : noValue;
  return (
    <ConfirmDialog
      open={names.length > 0}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={
        name !== undefined && names.length === 1
          ? t('deleteTitle', { name })
          : t('deleteTitleMany', { count: names.length })
      }
      confirmLabel={t('deleteConfirm')}
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      <p>{names.length === 1 ? t('deleteText', { size }) : t('deleteTextMany', { size })}</p>
      <p className="mt-2">{t('deleteBranches')}</p>
    </ConfirmDialog>
  );
}
