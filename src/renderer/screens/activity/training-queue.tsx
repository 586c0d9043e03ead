import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, ArrowUpToLine, X } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../shared/runs/run.ts';
import { api } from '../../client/client.ts';
import { Card } from '../../components/card.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { toastError } from '../../components/toast.tsx';
import { queuedRuns } from './queued-runs.ts';

/** The runs that wait for their turn, the next one first; their order can be changed. */
export function TrainingQueue(): JSX.Element | null {
  const { t } = useTranslation('activity');
  const { data = [] } = useQuery(api.runs.list.queryOptions());
  const waiting = queuedRuns(data);
  if (waiting.length === 0) return null;
  return (
    <Card title={t('queue')} explain="training.queue" flush>
      <ol aria-label={t('queue')}>
        {waiting.map((run, place) => (
          <Waiting
            key={run.name}
            run={run}
            place={place + 1}
            before={waiting[place - 1]?.name}
            after={waiting[place + 1]?.name}
          />
        ))}
      </ol>
    </Card>
  );
}

interface WaitingProps {
  readonly run: RunSummary;
  /** From 1 on. */
  readonly place: number;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

function Waiting({ run: { name }, place, before, after }: WaitingProps): JSX.Element {
  const { t } = useTranslation('activity');
  const reorder = useMutation(api.runs.reorder.mutationOptions({ onError: toastError }));
  // A run that is taken out of the queue is paused: it can be started again, and goes to the end.
  const remove = useMutation(api.runs.pause.mutationOptions({ onError: toastError }));
  return (
    <li className="flex items-center gap-3 border-b border-line px-4 py-1.5 last:border-b-0">
      <span className="figures w-6 shrink-0 text-right text-ink-faint">{place}</span>
      <Link
        to="/runs/$run"
        params={{ run: name }}
        className="min-w-0 flex-1 truncate font-medium hover:underline"
      >
        {name}
      </Link>
      <div className="flex shrink-0 gap-0.5">
        <IconButton
          icon={ArrowUpToLine}
          label={t('trainNext', { name })}
          disabled={before === undefined || reorder.isPending}
          onClick={() => reorder.mutate({ name })}
        />
        <IconButton
          icon={ArrowUp}
          label={t('moveUp', { name })}
          disabled={before === undefined || reorder.isPending}
          onClick={() => {
            if (before !== undefined) reorder.mutate({ name, before });
          }}
        />
        <IconButton
          icon={ArrowDown}
          label={t('moveDown', { name })}
          disabled={after === undefined || reorder.isPending}
          onClick={() => {
            if (after !== undefined) reorder.mutate({ name: after, before: name });
          }}
        />
        <IconButton
          icon={X}
          label={t('leaveQueue', { name })}
          disabled={remove.isPending || remove.isSuccess}
          onClick={() => remove.mutate({ name })}
        />
      </div>
    </li>
  );
}
