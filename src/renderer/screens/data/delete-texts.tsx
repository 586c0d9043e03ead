import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { formatBytes } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { toast, toastError } from '../../components/toast.tsx';

export interface DeleteTextsProps {
  readonly name: string;
  readonly onClose: () => void;
}

/** Asks before the texts of a dataset are deleted: what it frees, what stays, and what cannot be done any more. */
export function DeleteTexts({ name, onClose }: DeleteTextsProps): JSX.Element {
  const { t } = useTranslation('data');
  const deletion = useQuery(api.datasets.textsDeletion.queryOptions({ input: { name } }));
  const remove = useMutation(
    api.datasets.deleteTexts.mutationOptions({
      onSuccess: ({ freedBytes }) => {
        onClose();
        toast({
          title: t('textsDeleted', { name }),
          text: t('freed', { bytes: formatBytes(freedBytes) }),
          tone: 'success',
        });
      },
      onError: toastError,
    }),
  );
  const { inUseBy = [], cannotGoOn = [], freedBytes } = deletion.data ?? {};
  if (inUseBy.length > 0)
    return (
      <Dialog
        open
        onOpenChange={onClose}
        size="small"
        title={t('cannotDeleteTitle', { name })}
        description={t('textsInUse')}
        actions={<Button onClick={onClose}>{t('close')}</Button>}
      >
        <Names names={inUseBy} />
      </Dialog>
    );
  return (
    <ConfirmDialog
      open={deletion.data !== undefined || deletion.isError}
      onOpenChange={onClose}
      title={t('deleteTextsTitle', { name })}
      confirmLabel={t('deleteTextsConfirm')}
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ name })}
    >
      <div className="flex flex-col gap-2.5">
        <p>{t('deleteTextsFrees', { bytes: formatBytes(freedBytes) })}</p>
        <p>{t('deleteTextsStays')}</p>
        <p>{t('deleteTextsGone')}</p>
        {cannotGoOn.length > 0 && (
          <div>
            <p>{t('deleteTextsRuns')}</p>
            <Names names={cannotGoOn} />
          </div>
        )}
      </div>
    </ConfirmDialog>
  );
}

function Names({ names }: { readonly names: readonly string[] }): JSX.Element {
  return (
    <ul className="max-h-40 list-disc overflow-y-auto pl-5">
      {names.map((name) => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  );
}
