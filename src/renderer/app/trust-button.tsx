import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { toastError } from '../components/toast.tsx';
import { api } from './client.ts';
import { accountOf } from './error-account.ts';

export interface TrustButtonProps {
  /** Why a project was not opened. */
  readonly error: unknown;
  readonly onTrusted: (folder: string) => void;
}

/** Agrees to a project that comes from elsewhere, where that is why it was not opened; else nothing. */
export function TrustButton({ error, onTrusted }: TrustButtonProps): JSX.Element | null {
  const { t } = useTranslation('shell');
  const trust = useMutation(
    api.projects.trust.mutationOptions({
      onError: toastError,
      onSuccess: (_, { folder }) => onTrusted(folder),
    }),
  );
  const { action } = error === null || error === undefined ? {} : accountOf(error);
  if (action?.do !== 'trustProject') return null;
  const { folder } = action;
  return (
    <Button size="small" icon={ShieldCheck} busy={trust.isPending} onClick={() => trust.mutate({ folder })}>
      {t('trustProject')}
    </Button>
  );
}
