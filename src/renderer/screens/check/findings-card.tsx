import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding, FindingStatus } from '../../../shared/integrity/verification.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';

/** So many are shown until the others are asked for. */
const shownAtFirst = 20;

const tones: Readonly<Record<FindingStatus, BadgeTone>> = {
  damaged: 'danger',
  missing: 'danger',
  lost: 'warning',
  unprotected: 'neutral',
};

export interface FindingsCardProps {
  readonly status: FindingStatus;
  readonly findings: readonly Finding[];
}

/** All findings of one kind: what it is, where, what is lost with it, and what can be done. */
export function FindingsCard({ status, findings }: FindingsCardProps): JSX.Element | null {
  const { t } = useTranslation('check');
  const [all, setAll] = useState(false);
  if (findings.length === 0) return null;
  const shown = all ? findings : findings.slice(0, shownAtFirst);
  return (
    <Card
      flush
      title={t(status)}
      {...(status === 'unprotected' ? { explain: 'integrity.unprotected' as const } : {})}
      {...(status === 'lost' ? { explain: 'integrity.lost' as const } : {})}
      actions={<Badge tone={tones[status]}>{t('findings', { count: findings.length })}</Badge>}
    >
      <ul className="divide-y divide-line">
        {shown.map((finding) => (
          <li key={`${finding.path} ${finding.what} ${finding.detail}`} className="px-4 py-2.5">
            <Details finding={finding} />
          </li>
        ))}
      </ul>
      {shown.length < findings.length && (
        <div className="border-t border-line px-4 py-2">
          <Button size="small" variant="quiet" onClick={() => setAll(true)}>
            {t('showAll', { count: findings.length })}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Details({ finding }: { readonly finding: Finding }): JSX.Element {
  const { t } = useTranslation('check');
  const { what, path, detail, consequence, repair } = finding;
  return (
    <div className="max-w-4xl">
      <div className="flex flex-wrap items-baseline gap-x-2.5">
        <h3 className="font-medium wrap-break-word">{what}</h3>
        <code className="min-w-0 font-mono text-sm break-all text-ink-faint">{path}</code>
      </div>
      <p>{detail}</p>
      <p className="text-ink-soft">{consequence}</p>
      {repair !== undefined && <p className="text-success">{t('canBeRepaired', { does: repair.does })}</p>}
    </div>
  );
}
