import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { formatBytes } from '../../format/format.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { toast, toastError } from '../../components/toast.tsx';

/** Asks before the pack of an engine is removed, and says what that frees. */
export function RemoveEngine({
  bytes,
  onClose,
}: {
  readonly bytes: number;
  readonly onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation('hardware');
  const queries = useQueryClient();
  const remove = useMutation(
    api.engines.remove.mutationOptions({
      onSuccess: ({ freedBytes }) => {
        toast({ title: t('removed', { bytes: formatBytes(freedBytes) }), tone: 'success' });
        void queries.invalidateQueries({ queryKey: api.engines.key() });
        onClose();
      },
      onError: toastError,
    }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('removeTitle')}
      confirmLabel={t('remove')}
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate(undefined)}
    >
      {t('removeText', { bytes: formatBytes(bytes) })}
    </ConfirmDialog>
  );
}
