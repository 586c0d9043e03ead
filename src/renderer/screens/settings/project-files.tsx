import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { isFault } from '../../../shared/integrity/verification.ts';
import { api } from '../../client/client.ts';
import { Ago } from '../../components/ago.tsx';
import { LinkButton } from '../../components/link-button.tsx';

/** When the project was last checked and what came of it, and the way to check it. */
export function ProjectFiles(): JSX.Element {
  const { t } = useTranslation('settings');
  const { data } = useQuery(api.integrity.last.queryOptions());
  const faults = data?.verification.findings.filter(isFault).length ?? 0;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-ink-soft">{t('filesText')}</p>
        {data === null && <p>{t('neverChecked')}</p>}
        {data !== null && data !== undefined && (
          <p className={faults > 0 ? 'text-warning' : 'text-success'}>
            <Ago moment={data.checkedAt} show={(ago) => t('lastChecked', { ago })} />{' '}
            {faults > 0 ? t('filesFaulty', { count: faults }) : t('filesWhole')}
          </p>
        )}
      </div>
      <LinkButton to="/check" icon={ShieldCheck}>
        {t('checkProject')}
      </LinkButton>
    </div>
  );
}
