import { useCallback, useEffect, useMemo, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { metricSeries } from '../../../shared/runs/metrics.ts';
import type { Diagnostic } from '../../../shared/runs/diagnostic.ts';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { formatBytes, formatCompact, formatLoss, formatNumber, formatRate } from '../../format/format.ts';
import { formatFigure } from '../../format/figures.ts';
import { useObjective } from '../../client/objectives.ts';
import { ChartCard } from '../../components/chart/chart-card.tsx';
import type { ChartMark, ChartRange } from '../../components/chart/chart-lines.ts';
import { ZoomButtons } from '../../components/chart/zoom-buttons.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { axisFormats, axisTicks, placeOfStep, rangeInSteps, rangeOnAxis } from '../../runs/axis.ts';
import { ChartToolbar, type ChartView } from '../../runs/chart-toolbar.tsx';
import { useDiagnosticWords } from './diagnostics-panel.tsx';
import { evaluationLine, metricLine, spreadsWide } from '../../runs/run-lines.ts';
import type { ChartAxis } from '../../runs/chart-axes.ts';
import { useRunMetrics, type StepRange } from '../../runs/use-run-metrics.ts';

/** The charts of one run move their cursors together. */
const syncKey = 'run';
const formatLossTick = (value: number): string => formatNumber(value, 3);
const formatNorm = (value: number): string => formatNumber(value, 2);

export interface RunChartsProps {
  readonly run: RunDetails;
  readonly diagnostics: readonly Diagnostic[];
  readonly axis: ChartAxis;
  readonly onAxis: (axis: ChartAxis) => void;
  /** A stretch that is asked for from outside of the charts; each new one is shown. */
  readonly wanted: StepRange | undefined;
}

/** A run's curves, one below the other over the same axis. */
export function RunCharts({ run, diagnostics, axis, onAxis, wanted }: RunChartsProps): JSX.Element {
  const { t } = useTranslation('run');
  const { t: tChart } = useTranslation('chart');
  const words = useDiagnosticWords();
  const figures = useObjective(run.configuration.objective)?.figures;
  // It changes with every move of the pointer, so nothing but the charts hears of it.
  const [range, onRange] = useState(wanted);
  useEffect(() => {
    if (wanted !== undefined) onRange(wanted);
  }, [wanted]);
  const [view, setView] = useState<ChartView>({ smoothing: 0, logarithmic: false });
  const { metrics, error, retry } = useRunMetrics(run.name, metricSeries, range);
  const { smoothing, logarithmic } = view;

  const lines = useMemo(() => {
    if (metrics === undefined) return undefined;
    const line = (series: (typeof metricSeries)[number], label: string, color: 1 | 3 | 4 | 6 | 7) => [
      metricLine(metrics, series, axis, smoothing, { id: series, label, color }),
    ];
    return {
      loss: [
        ...line('loss', t('training'), 1),
        evaluationLine(metrics, axis, { id: 'validation', label: t('validation'), color: 2, dash: [6, 3] }),
      ],
      learningRate: line('learningRate', t('chartRate'), 3),
      gradientNorm: line('gradientNorm', t('chartNorm'), 4),
      tokensPerSecond: line('tokensPerSecond', t('chartSpeed'), 6),
      memoryBytes: line('memoryBytes', t('chartMemory'), 7),
      figures: (figures ?? []).map((figure) => ({
        figure,
        lines: [
          evaluationLine(
            metrics,
            axis,
            { id: figure.name, label: figure.term.name, color: 2, dash: [6, 3] },
            figure.name,
          ),
        ],
      })),
    };
  }, [metrics, axis, smoothing, figures, t]);
  const marks = useMemo(
    () =>
      diagnostics.flatMap((diagnostic): readonly ChartMark[] => {
        const x = metrics === undefined ? undefined : placeOfStep(metrics, axis, diagnostic.step);
        const tone = diagnostic.kind === 'diverging' ? 'danger' : 'warning';
        return x === undefined ? [] : [{ x, label: words(diagnostic).title, tone }];
      }),
    // The words are the same for the same diagnostics.
    // oxlint-disable-next-line react/exhaustive-deps
    [diagnostics, metrics, axis],
  );
  const show = useCallback(
    (next: ChartRange | undefined) => {
      if (next === undefined || metrics === undefined) onRange(undefined);
      else onRange(rangeInSteps(metrics, axis, next));
    },
    [metrics, axis],
  );

  if (lines === undefined || metrics === undefined) return <ErrorNotice error={error} onRetry={retry} />;
  const shownRange = range === undefined ? undefined : rangeOnAxis(metrics, axis, range);
  const whole =
    metrics.extent === undefined
      ? undefined
      : rangeOnAxis(metrics, axis, { from: metrics.extent.first, to: metrics.extent.last });
  const wideNorm = spreadsWide(metrics, 'gradientNorm');
  const common = {
    xName: tChart(`${axis}Name`),
    formatX: axisFormats[axis],
    formatXTick: axisTicks[axis],
    range: shownRange,
    onRange: show,
    syncKey,
  };
  const small = { ...common, height: 150, empty: t('chartsEmpty') };
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <ChartToolbar axis={axis} onAxis={onAxis} view={view} onView={setView} />
      <ErrorNotice error={error} onRetry={retry} />
      <ChartCard
        {...common}
        label={t('chartLoss')}
        explain="charts.loss"
        fileName={`${run.name}-loss`}
        lines={lines.loss}
        marks={marks}
        height={300}
        actions={<ZoomButtons shown={shownRange ?? whole} isWhole={range === undefined} onRange={show} />}
        formatY={formatLoss}
        formatTick={formatLossTick}
        logarithmic={logarithmic}
        empty={t('chartsEmpty')}
      />
      {metrics.step.length > 0 && (
        <p className="-mt-2 text-sm text-ink-faint">
          {t('bucketHint', { count: metrics.bucketSteps })} {t('dragHint')}
        </p>
      )}
      <div className="grid min-w-0 grid-cols-2 gap-4">
        {lines.figures.map(({ figure, lines: curve }) => (
          <ChartCard
            key={figure.name}
            {...small}
            label={figure.term.name}
            explain={figure.term}
            fileName={`${run.name}-${figure.name}`}
            lines={curve}
            formatY={(value) => formatFigure(figure, value)}
          />
        ))}
        <ChartCard
          {...small}
          label={t('chartRate')}
          explain="charts.learningRate"
          fileName={`${run.name}-learning-rate`}
          lines={lines.learningRate}
          formatY={formatRate}
        />
        <ChartCard
          {...small}
          label={t('chartNorm')}
          explain="charts.gradientNorm"
          fileName={`${run.name}-gradient-norm`}
          lines={lines.gradientNorm}
          marks={marks}
          formatY={formatNorm}
          logarithmic={logarithmic || wideNorm}
          actions={
            wideNorm &&
            !logarithmic && <span className="text-sm text-ink-faint">{t('chartLogarithmic')}</span>
          }
        />
        <ChartCard
          {...small}
          label={t('chartSpeed')}
          explain="charts.tokensPerSecond"
          fileName={`${run.name}-speed`}
          lines={lines.tokensPerSecond}
          formatY={formatCompact}
        />
        <ChartCard
          {...small}
          label={t('chartMemory')}
          explain="charts.memory"
          fileName={`${run.name}-memory`}
          lines={lines.memoryBytes}
          formatY={formatBytes}
        />
      </div>
    </div>
  );
}
