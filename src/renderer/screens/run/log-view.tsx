import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { assertNever } from '../../../shared/errors.ts';
import type { RecordEntry } from '../../../shared/runs/record.ts';
import { formatBytes, formatCount, formatDuration, formatLoss, formatMoment } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { useRecord } from './use-record.ts';
import { OlderEntries } from './older-entries.tsx';

const kinds = ['event', 'evaluated'] as const;
const statuses = ['queued', 'running', 'paused', 'interrupted', 'completed', 'stopped', 'failed'] as const;

/** What happened in a run, the newest first. */
export function LogView({ run }: { readonly run: string }): JSX.Element {
  const { t } = useTranslation('run');
  const { query, entries } = useRecord(run, kinds, 100);
  const words = useEntryWords();
  const [search, setSearch] = useState('');
  const lines = entries.flatMap((entry) => (entry.kind === 'sample' ? [] : [{ entry, text: words(entry) }]));
  const found = lines.filter(({ text }) => text.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-4">
        <p className="flex-1 text-ink-soft">{t('logLead')}</p>
        <SearchInput value={search} onChange={setSearch} label={t('filterLog')} />
      </div>
      <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Loading />}
      {query.isSuccess && found.length === 0 && <p className="text-ink-faint">{t('logEmpty')}</p>}
      {found.length > 0 && (
        <Card flush>
          <ol>
            {found.map(({ entry, text }) => (
              <li
                key={entry.sequence}
                className={`grid grid-cols-[13rem_1fr] gap-4 border-b border-line px-4 py-1.5 last:border-b-0 ${isWarning(entry) ? 'bg-warning-soft' : ''}`}
              >
                <time dateTime={entry.at} className="figures text-sm text-ink-faint">
                  {formatMoment(entry.at)}
                </time>
                <span className="min-w-0 wrap-break-word">{text}</span>
              </li>
            ))}
          </ol>
        </Card>
      )}
      <OlderEntries query={query} />
    </div>
  );
}

type LogEntry = Exclude<RecordEntry, { readonly kind: 'sample' }>;

function isWarning(entry: LogEntry): boolean {
  if (entry.kind === 'evaluated') return false;
  const { event } = entry;
  return event.type === 'rolledBack' || (event.type === 'ended' && event.status === 'failed');
}

function useEntryWords(): (entry: LogEntry) => string {
  const { t } = useTranslation('run');
  const status = (word: string): string => {
    const known = statuses.find((each) => each === word);
    return known === undefined ? word : t(`status.${known}`).toLowerCase();
  };
  return (entry) => {
    if (entry.kind === 'evaluated')
      return t('event.evaluated', { loss: formatLoss(entry.loss), step: formatCount(entry.step) });
    const { event } = entry;
    switch (event.type) {
      case 'started':
        return t('event.started', { process: event.process });
      case 'ended':
        return event.message === undefined
          ? t('event.ended', { status: status(event.status) })
          : t('event.endedWith', { status: status(event.status), message: event.message });
      case 'calibrated':
        return t('event.calibrated', {
          count: event.calibration.microBatchSize,
          seconds: formatDuration(event.calibration.secondsPerStep),
          steps: formatCount(event.calibration.steps),
        });
      case 'replanned':
        return t(event.steps < event.from ? 'event.replannedSlower' : 'event.replannedFaster', {
          steps: formatCount(event.steps),
          from: formatCount(event.from),
          time: formatDuration(event.minutes * 60),
          step: formatCount(event.step),
        });
      case 'resumed':
        return t('event.resumed', { step: formatCount(event.step) });
      case 'checkpoint':
        return t(event.best ? 'event.checkpointBest' : 'event.checkpoint', {
          step: formatCount(event.step),
          size: formatBytes(event.bytes),
        });
      case 'checkpointRemoved':
        return t('event.checkpointRemoved', { step: formatCount(event.step) });
      case 'rolledBack':
        return t('event.rolledBack', {
          step: formatCount(event.step),
          toStep: formatCount(event.toStep),
          reason: event.reason,
        });
      case 'notice':
        return event.message;
      default:
        return assertNever(event);
    }
  };
}
