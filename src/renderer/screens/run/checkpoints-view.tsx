import { FlaskConical, GitBranch, PenLine, Share2 } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckpointSummary } from '../../../shared/checkpoints/checkpoint.ts';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { formatAgo, formatBytes, formatCount, formatLoss } from '../../format/format.ts';
import { useWrites } from '../../runs/use-writes.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';

export interface CheckpointsViewProps {
  readonly run: RunDetails;
  readonly onBranch: (step: number) => void;
}

/** The checkpoints that a run keeps, and ways to use them. */
export function CheckpointsView({ run, onBranch }: CheckpointsViewProps): JSX.Element {
  const { t } = useTranslation('run');
  const last = run.checkpoints.at(-1)?.step;
  const writes = useWrites(run);
  const columns: readonly TableColumn<CheckpointSummary>[] = [
    {
      id: 'step',
      title: t('stepColumn'),
      explain: 'training.step',
      sortBy: ({ step }) => step,
      render: ({ step, best }) => (
        <span className="figures inline-flex items-center gap-2 font-medium">
          {formatCount(step)}
          {best && <Badge tone="success">{t('best')}</Badge>}
          {step === last && <Badge>{t('last')}</Badge>}
        </span>
      ),
    },
    {
      id: 'loss',
      title: t('validationLoss'),
      explain: 'training.validationLoss',
      align: 'end',
      sortBy: ({ loss }) => loss,
      render: ({ loss }) => formatLoss(loss),
    },
    {
      id: 'bytes',
      title: t('size'),
      align: 'end',
      sortBy: ({ bytes }) => bytes,
      render: ({ bytes }) => formatBytes(bytes),
    },
    {
      id: 'saved',
      title: t('saved'),
      sortBy: ({ createdAt }) => createdAt,
      render: ({ createdAt }) => formatAgo(createdAt),
    },
    {
      id: 'use',
      title: (
        <span className="relative">
          <span className="sr-only">{t('more')}</span>
        </span>
      ),
      align: 'end',
      render: ({ step }) => {
        const checkpoint = `${run.name}@${step}`;
        return (
          <div className="flex justify-end gap-1" role="group" aria-label={t('actionsFor', { step })}>
            {writes && (
              <LinkButton to="/write" search={{ checkpoint }} size="small" icon={PenLine}>
                {t('write')}
              </LinkButton>
            )}
            <LinkButton to="/evaluate" search={{ checkpoint }} size="small" icon={FlaskConical}>
              {t('evaluate')}
            </LinkButton>
            <LinkButton to="/export" search={{ checkpoint }} size="small" icon={Share2}>
              {t('export')}
            </LinkButton>
            <IconButton
              icon={GitBranch}
              label={t('branchHere', { step: formatCount(step) })}
              onClick={() => onBranch(step)}
            />
          </div>
        );
      },
    },
  ];
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-soft">{t('checkpointsLead')}</p>
      <Card flush>
        <Table
          label={t('checkpoints')}
          columns={columns}
          rows={run.checkpoints}
          rowKey={({ step }) => step}
          initialSort={{ column: 'step', descending: true }}
          empty={
            <p className="px-4 py-6 text-center text-ink-faint">
              {t('checkpointsEmpty', {
                step: formatCount(
                  run.configuration.training.checkpointInterval ??
                    run.configuration.training.evaluationInterval,
                ),
              })}
            </p>
          }
        />
      </Card>
    </div>
  );
}
