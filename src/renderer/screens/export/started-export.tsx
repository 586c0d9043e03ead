import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportSummary } from '../../../shared/exports/export.ts';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { JobProgress } from '../../jobs/job-progress.tsx';

export interface StartedExportProps {
  readonly job: number;
  readonly exports: readonly ExportSummary[];
  readonly onShow: (made: number) => void;
  readonly onDismiss: () => void;
}

/** An export that was begun here; once it is done, the way to what uses it. */
export function StartedExport({ job, exports, onShow, onDismiss }: StartedExportProps): JSX.Element {
  const { t } = useTranslation('export');
  const { data } = useQuery(api.jobs.show.queryOptions({ input: { id: job } }));
  const made =
    data?.status === 'completed'
      ? exports.find(
          ({ checkpoint, createdAt }) => checkpoint === data.subject?.name && createdAt >= data.startedAt,
        )
      : undefined;
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <JobProgress job={job} />
      </div>
      <span className="flex h-11 items-center gap-2">
        {made !== undefined && (
          <Button size="small" onClick={() => onShow(made.id)}>
            {t('showIt')}
          </Button>
        )}
        <Button size="small" variant="quiet" onClick={onDismiss}>
          {t('dismiss')}
        </Button>
      </span>
    </div>
  );
}
