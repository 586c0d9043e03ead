import { RotateCcw, ShieldCheck } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../client/connection.ts';
import { accountOf, isDisconnection } from '../client/error-account.ts';
import { Button } from './button.tsx';
import { LinkButton } from './link-button.tsx';
import { Notice } from './notice.tsx';

export interface ErrorNoticeProps {
  /** Anything that was thrown, or the account that a job keeps; nothing is shown for null and undefined. */
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  /** Further ways out. */
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** What went wrong, where, and what to do about it. */
export function ErrorNotice({
  error,
  onRetry,
  actions,
  className = '',
}: ErrorNoticeProps): JSX.Element | null {
  const { t } = useTranslation('kit');
  const connection = useConnection();
  if (error === null || error === undefined) return null;
  if (connection !== 'connected' && isDisconnection(error)) return null;
  const { what, where, remedy, action } = accountOf(error);
  const isDamage = action?.do === 'verifyProject';
  const hasActions = onRetry !== undefined || actions !== undefined || isDamage;
  return (
    <Notice
      tone="danger"
      title={what}
      className={className}
      actions={
        hasActions ? (
          <>
            {onRetry !== undefined && (
              <Button size="small" icon={RotateCcw} onClick={onRetry}>
                {t('retry')}
              </Button>
            )}
            {actions}
            {isDamage && (
              <LinkButton to="/check" size="small" icon={ShieldCheck}>
                {t('checkProject')}
              </LinkButton>
            )}
          </>
        ) : undefined
      }
    >
      {where !== undefined && <p className="font-mono text-sm break-all text-ink-soft">{where}</p>}
      <p>{remedy}</p>
    </Notice>
  );
}
