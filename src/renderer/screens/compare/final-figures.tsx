import { Link } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { headlineOf, type Figure, type ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatLoss,
  formatParameters,
} from '../../format/format.ts';
import { formatFigure } from '../../format/figures.ts';
import { useObjectives } from '../../client/objectives.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';
import { LineKey } from '../../components/chart/chart-readout.tsx';
import { RunStatusBadge } from '../../runs/run-status.tsx';
import { lineLook } from './line-look.ts';

/** How each run did, in figures. */
export function FinalFigures({ runs }: { readonly runs: readonly RunDetails[] }): JSX.Element {
  const { t } = useTranslation('compare');
  const best = Math.min(...runs.flatMap(({ bestLoss }) => (bestLoss === undefined ? [] : [bestLoss])));
  const objectives = useObjectives();
  const headlines = headlinesOf(runs, objectives);
  const columns: readonly TableColumn<RunDetails>[] = [
    {
      id: 'run',
      title: t('run'),
      sortBy: ({ name }) => name,
      render: (run) => (
        <span className="inline-flex min-w-0 items-center gap-2">
          <LineKey line={lineLook(runs.indexOf(run))} />
          <Link to="/runs/$run" params={{ run: run.name }} className="truncate font-medium hover:underline">
            {run.name}
          </Link>
        </span>
      ),
    },
    {
      id: 'status',
      title: t('status'),
      sortBy: ({ status }) => status,
      render: (run) => <RunStatusBadge run={run} />,
    },
    {
      id: 'parameters',
      title: t('parameters'),
      align: 'end',
      sortBy: ({ parameters }) => parameters,
      render: ({ parameters }) => formatParameters(parameters),
    },
    {
      id: 'steps',
      title: t('steps'),
      align: 'end',
      sortBy: ({ step }) => step,
      render: ({ step }) => formatCount(step),
    },
    {
      id: 'validation',
      title: t('validationLoss'),
      explain: 'training.validationLoss',
      align: 'end',
      sortBy: ({ validationLoss }) => validationLoss,
      render: ({ validationLoss }) => formatLoss(validationLoss),
    },
    {
      id: 'best',
      title: t('bestLoss'),
      explain: 'training.bestLoss',
      align: 'end',
      sortBy: ({ bestLoss }) => bestLoss,
      render: ({ bestLoss }) => (
        <span className="inline-flex items-center gap-2">
          {bestLoss === best && <Badge tone="success">{t('lowest')}</Badge>}
          {formatLoss(bestLoss)}
        </span>
      ),
    },
    ...headlines.map((figure): TableColumn<RunDetails> => ({
      id: figure.name,
      title: figure.term.name,
      explain: figure.term,
      align: 'end',
      sortBy: ({ figures }) => figures[figure.name],
      render: ({ figures }) => formatFigure(figure, figures[figure.name]),
    })),
    {
      id: 'speed',
      title: t('speed'),
      align: 'end',
      sortBy: ({ tokensPerSecond }) => tokensPerSecond,
      render: ({ tokensPerSecond }) => formatCompact(tokensPerSecond),
    },
    {
      id: 'time',
      title: t('time'),
      align: 'end',
      sortBy: ({ elapsedSeconds }) => elapsedSeconds,
      render: ({ elapsedSeconds }) => formatDuration(elapsedSeconds),
    },
  ];
  return (
    <Card title={t('figures')} flush>
      <Table label={t('figures')} columns={columns} rows={runs} rowKey={({ name }) => name} />
    </Card>
  );
}

/** The figures by which the runs' objectives compare models, each once; the loss has columns of its own. */
function headlinesOf(
  runs: readonly RunDetails[],
  objectives: readonly ObjectiveDeclaration[],
): readonly Figure[] {
  return objectives
    .filter(({ name }) => runs.some(({ configuration }) => configuration.objective === name))
    .map(headlineOf)
    .filter(
      ({ name }, place, all) => name !== 'loss' && all.findIndex((each) => each.name === name) === place,
    );
}
