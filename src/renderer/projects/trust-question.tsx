import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Notice } from '../components/notice.tsx';
import { api } from '../client/client.ts';
import { accountOf } from '../client/error-account.ts';

/** The folder of a project that comes from elsewhere, where that is why it was not opened. */
export function foreignProjectOf(error: unknown): string | undefined {
  if (error === null || error === undefined) return undefined;
  const { action } = accountOf(error);
  return action?.do === 'trustProject' ? action.folder : undefined;
}

export interface TrustQuestionProps {
  /** Why a project was not opened. */
  readonly error: unknown;
  readonly onTrusted: (folder: string) => void;
  /** Other ways on. */
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** Asks whether to open a project that comes from elsewhere, where that is why it was not opened; else nothing. */
export function TrustQuestion({
  error,
  onTrusted,
  actions,
  className = '',
}: TrustQuestionProps): JSX.Element | null {
  const { t } = useTranslation('shell');
  const trust = useMutation(
    api.projects.trust.mutationOptions({ onSuccess: (_, { folder }) => onTrusted(folder) }),
  );
  const folder = foreignProjectOf(error);
  if (folder === undefined) return null;
  const { what, remedy } = accountOf(error);
  return (
    <div className={`flex flex-col gap-3 ${className}`}>
      <Notice
        tone="info"
        title={what}
        actions={
          <>
            <Button
              size="small"
              variant="primary"
              icon={ShieldCheck}
              busy={trust.isPending}
              onClick={() => trust.mutate({ folder })}
            >
              {t('trustProject')}
            </Button>
            {actions}
          </>
        }
      >
        <p className="font-mono text-sm break-all text-ink-soft">{folder}</p>
        <p>{remedy}</p>
      </Notice>
      <ErrorNotice error={trust.error} />
    </div>
  );
}
