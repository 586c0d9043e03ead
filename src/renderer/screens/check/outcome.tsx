import { Hammer, Stamp } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  findingStatuses,
  isFault,
  type Verification,
  type VerificationRecord,
} from '../../../shared/integrity/verification.ts';
import { formatBytes, formatCount } from '../../format/format.ts';
import { Ago } from '../../components/ago.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import { FindingsCard } from './findings-card.tsx';
import { planAcceptance, planRepairs, type PlannedChange } from './planned-changes.ts';
import { WholeAreas } from './whole-areas.tsx';

export interface OutcomeProps {
  readonly record: VerificationRecord;
  /** Something is being done to the project already. */
  readonly busy: boolean;
  readonly onRepair: (checkedAt: string) => void;
  readonly onAccept: (checkedAt: string) => void;
}

/** What the last look came to, and what can be done about it. */
export function Outcome({ record, busy, onRepair, onAccept }: OutcomeProps): JSX.Element {
  const { t } = useTranslation('check');
  const { checkedAt, verification, leftOut } = record;
  const [asked, setAsked] = useState<'repair' | 'accept'>();
  const repairs = planRepairs(verification.findings);
  const accepted = planAcceptance(verification.findings);
  const dialog = (
    kind: 'repair' | 'accept',
    changes: readonly PlannedChange[],
    confirm: (checkedAt: string) => void,
  ): JSX.Element => (
    <ConfirmDialog
      open={asked === kind}
      onOpenChange={(open) => setAsked(open ? kind : undefined)}
      title={t(kind === 'repair' ? 'repairTitle' : 'acceptTitle')}
      confirmLabel={t(kind === 'repair' ? 'repairConfirm' : 'acceptConfirm')}
      onConfirm={() => {
        setAsked(undefined);
        confirm(checkedAt);
      }}
    >
      <p>{t(kind === 'repair' ? 'repairText' : 'acceptText')}</p>
      <ul
        // What scrolls is reached by the keyboard.
        tabIndex={0}
        aria-label={t(kind === 'repair' ? 'repairList' : 'acceptList')}
        className="mt-2 flex max-h-72 flex-col gap-1.5 overflow-auto rounded-md border border-line p-2.5 text-ink"
      >
        {changes.map(({ what, does }) => (
          <li key={`${what} ${does}`}>
            <span className="font-medium wrap-break-word">{what}</span>
            <span className="text-ink-soft">: {does}</span>
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
  return (
    <>
      <Summary
        record={record}
        actions={
          (repairs.length > 0 || accepted.length > 0) && (
            <>
              {repairs.length > 0 && (
                <Button size="small" icon={Hammer} busy={busy} onClick={() => setAsked('repair')}>
                  {t('repair', { count: repairs.length })}
                </Button>
              )}
              {accepted.length > 0 && (
                <Button size="small" icon={Stamp} busy={busy} onClick={() => setAsked('accept')}>
                  {t('accept', { count: accepted.length })}
                </Button>
              )}
            </>
          )
        }
      />
      <Mended record={record} />
      {findingStatuses.map((status) => (
        <FindingsCard
          key={status}
          status={status}
          findings={verification.findings.filter((finding) => finding.status === status)}
        />
      ))}
      {leftOut > 0 && <Notice tone="info">{t('leftOut', { count: leftOut })}</Notice>}
      <WholeAreas verification={verification} />
      {dialog('repair', repairs, onRepair)}
      {dialog('accept', accepted, onAccept)}
    </>
  );
}

function Summary({
  record: { checkedAt, verification },
  actions,
}: {
  readonly record: VerificationRecord;
  readonly actions: JSX.Element | false;
}): JSX.Element {
  const { t } = useTranslation('check');
  const { tone, title } = judge(verification);
  return (
    <Notice tone={tone} title={t(title)} {...(actions === false ? {} : { actions })}>
      <p>
        <Ago moment={checkedAt} show={(ago) => t('checked', { ago })} />
        {' · '}
        {t('read', {
          count: verification.files,
          files: formatCount(verification.files),
          size: formatBytes(verification.bytes),
          rows: formatCount(verification.rows),
        })}
      </p>
    </Notice>
  );
}

/** How bad what was found is. */
export function judge({ findings }: Pick<Verification, 'findings'>): {
  readonly tone: 'success' | 'info' | 'warning';
  readonly title: 'healthy' | 'onlyUnprotected' | 'faulty';
} {
  if (findings.some(isFault)) return { tone: 'warning', title: 'faulty' };
  if (findings.length > 0) return { tone: 'info', title: 'onlyUnprotected' };
  return { tone: 'success', title: 'healthy' };
}

/** What was done about the findings of the look before. */
function Mended({
  record: { repairs, accepted },
}: {
  readonly record: VerificationRecord;
}): JSX.Element | null {
  const { t } = useTranslation('check');
  if (repairs.length === 0 && accepted.length === 0) return null;
  const hasFailed = repairs.some(({ repaired }) => !repaired);
  return (
    <Notice tone={hasFailed ? 'warning' : 'success'} title={t(hasFailed ? 'repairedPartly' : 'repaired')}>
      <ul className="mt-0.5 flex flex-col gap-0.5">
        {repairs.map(({ what, path, outcome }) => (
          <li key={`${what} ${path}`} className="wrap-break-word">
            <span className="font-medium">{what}</span>: {outcome}
          </li>
        ))}
        {accepted.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Notice>
  );
}
