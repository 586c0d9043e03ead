import { Unplug } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../client/connection.ts';

/** Says above every screen that the studio does not answer, and what to do about it. */
export function ConnectionBanner(): JSX.Element {
  const { t } = useTranslation('shell');
  const connection = useConnection();
  return (
    <div role="alert">
      {connection !== 'connected' && (
        <div className="flex items-start gap-2.5 border-b border-line bg-warning-soft px-6 py-2">
          <Unplug aria-hidden className="mt-[3px] size-4 shrink-0 text-warning" />
          <p>
            <strong className="font-semibold text-warning">
              {t(connection === 'expired' ? 'expiredTitle' : 'lostTitle')}
            </strong>{' '}
            {t(connection === 'expired' ? 'expiredText' : 'lostText')}
          </p>
        </div>
      )}
    </div>
  );
}
