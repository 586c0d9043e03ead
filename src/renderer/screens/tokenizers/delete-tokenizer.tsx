import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenizerDetails } from '../../../shared/tokenizers/tokenizer.ts';
import { api } from '../../client/client.ts';
import { formatBytes } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { toast, toastError } from '../../components/toast.tsx';

export interface DeleteTokenizerProps {
  readonly tokenizer: TokenizerDetails;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks before a tokenizer is deleted; says which runs stand in the way where some do. */
export function DeleteTokenizer({ tokenizer, open, onOpenChange }: DeleteTokenizerProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const { name, bytes, runs, dataset } = tokenizer;
  const remove = useMutation(
    api.tokenizers.delete.mutationOptions({
      onSuccess: ({ freedBytes }) => {
        onOpenChange(false);
        toast({
          title: t('deleted', { name }),
          text: t('freed', { bytes: formatBytes(freedBytes) }),
          tone: 'success',
        });
      },
      onError: toastError,
    }),
  );
  if (runs.length > 0)
    return (
      <Dialog
        open={open}
        onOpenChange={onOpenChange}
        size="small"
        title={t('cannotDeleteTitle', { name })}
        description={t('cannotDeleteText')}
        actions={<Button onClick={() => onOpenChange(false)}>{t('close')}</Button>}
      >
        <ul className="list-disc pl-5">
          {runs.map((run) => (
            <li key={run}>
              <Link to="/runs/$run" params={{ run }} className="link">
                {run}
              </Link>
            </li>
          ))}
        </ul>
      </Dialog>
    );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('deleteTitle', { name })}
      confirmLabel={t('deleteConfirm')}
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ name })}
    >
      {t(dataset === undefined ? 'deleteImportedText' : 'deleteText', { bytes: formatBytes(bytes) })}
    </ConfirmDialog>
  );
}
