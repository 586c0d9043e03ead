import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Figure } from '../../../shared/objectives/objective.ts';
import type { MetricSeries, Metrics } from '../../../shared/runs/metrics.ts';
import { useRunSequences } from '../../client/changes.ts';
import { api, client } from '../../client/client.ts';
import { useCurrentProject } from '../../client/current-project.ts';
import { formatBytes, formatCompact, formatLoss, formatNumber, formatRate } from '../../format/format.ts';
import { formatFigure } from '../../format/figures.ts';
import { ChartCard } from '../../components/chart/chart-card.tsx';
import type { ChartRange } from '../../components/chart/chart-lines.ts';
import { ZoomButtons } from '../../components/chart/zoom-buttons.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Select } from '../../components/select.tsx';
import { axisFormats, axisTicks, rangeInSteps, rangeOnAxis } from '../../runs/axis.ts';
import { ChartToolbar, type ChartView } from '../../runs/chart-toolbar.tsx';
import { evaluationLine, fromParent, metricLine } from '../../runs/run-lines.ts';
import type { ChartAxis } from '../../runs/chart-axes.ts';
import { useDebounced } from '../../client/use-debounced.ts';
import { useThrottled } from '../../runs/use-throttled.ts';
import { metricsInput, type StepRange } from '../../runs/use-run-metrics.ts';
import { lineLook } from './line-look.ts';
import { comparedCurves, curveOfFigure, figureOfCurve, type ComparedCurve } from './search.ts';

type MeasuredCurve = (typeof comparedCurves)[number];

const formats: Readonly<Record<MeasuredCurve, (value: number) => string>> = {
  validation: formatLoss,
  loss: formatLoss,
  learningRate: formatRate,
  gradientNorm: (value) => formatNumber(value, 2),
  tokensPerSecond: formatCompact,
  memoryBytes: formatBytes,
};

const isMeasured = (curve: ComparedCurve): curve is MeasuredCurve => curve in formats;

const formatLossTick = (value: number): string => formatNumber(value, 3);

export interface CompareChartsProps {
  readonly names: readonly string[];
  /** What the runs measure besides the loss, each figure once. */
  readonly figures: readonly Figure[];
  readonly curve: ComparedCurve;
  readonly onCurve: (curve: ComparedCurve) => void;
  readonly axis: ChartAxis;
  readonly onAxis: (axis: ChartAxis) => void;
}

/** One curve of several runs over one another. */
export function CompareCharts({
  names,
  figures,
  curve: wanted,
  onCurve,
  axis,
  onAxis,
}: CompareChartsProps): JSX.Element {
  const { t } = useTranslation('compare');
  const { t: tChart } = useTranslation('chart');
  const [view, setView] = useState<ChartView>({ smoothing: 0, logarithmic: false });
  const [range, setRange] = useState<StepRange>();
  const figure = figures.find(({ name }) => name === figureOfCurve(wanted));
  // A figure that none of these runs measures has no curve here.
  const curve: MeasuredCurve = isMeasured(wanted) ? wanted : 'validation';
  const evaluated = figure?.name ?? (curve === 'validation' ? 'loss' : undefined);
  const series: MetricSeries = curve === 'validation' ? 'loss' : curve;
  const { curves, error } = useCurves(names, series, range);
  // The longest run's curves say where a step lies on the other axes.
  const longest = curves.reduce<Metrics | undefined>(
    (found, metrics) =>
      metrics !== undefined && (metrics.extent?.last ?? 0) > (found?.extent?.last ?? -1) ? metrics : found,
    undefined,
  );
  const runs = useQuery(api.runs.list.queryOptions()).data;
  const lines = useMemo(() => {
    // Time and tokens are counted from a branch's own beginning, so only its steps go on where the parent's end.
    const parentLine = (name: string) => {
      const parent = runs?.find((run) => run.name === name)?.parent;
      const metrics = parent?.takes === 'everything' ? curves[names.indexOf(parent.run)] : undefined;
      return parent === undefined || metrics === undefined || axis !== 'step'
        ? undefined
        : {
            line: evaluationLine(metrics, axis, { id: '', label: '', color: 1 }, evaluated),
            step: parent.step,
          };
    };
    return names.flatMap((name, place) => {
      const metrics = curves[place];
      if (metrics === undefined) return [];
      const look = { id: name, label: name, ...lineLook(place) };
      return [
        evaluated !== undefined
          ? fromParent(evaluationLine(metrics, axis, look, evaluated), parentLine(name))
          : metricLine(metrics, series, axis, view.smoothing, look, false),
      ];
    });
  }, [names, curves, evaluated, series, axis, view.smoothing, runs]);
  const show = useCallback(
    (shown: ChartRange | undefined) =>
      setRange(shown === undefined || longest === undefined ? undefined : rangeInSteps(longest, axis, shown)),
    [longest, axis],
  );
  const shownRange =
    range === undefined || longest === undefined ? undefined : rangeOnAxis(longest, axis, range);
  const whole =
    longest?.extent === undefined
      ? undefined
      : rangeOnAxis(longest, axis, { from: longest.extent.first, to: longest.extent.last });
  const label = figure?.term.name ?? t(`curves.${curve}`);
  const formatY = figure === undefined ? formats[curve] : (value: number) => formatFigure(figure, value);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <ChartToolbar axis={axis} onAxis={onAxis} view={view} onView={setView} />
      <ErrorNotice error={error} />
      <ChartCard
        label={label}
        fileName={`compare-${figure?.name ?? curve}`}
        lines={lines}
        height={340}
        xName={tChart(`${axis}Name`)}
        formatX={axisFormats[axis]}
        formatXTick={axisTicks[axis]}
        formatY={formatY}
        formatTick={formatY === formatLoss ? formatLossTick : formatY}
        logarithmic={view.logarithmic}
        range={shownRange}
        onRange={show}
        empty={t('empty')}
        actions={
          <>
            <ZoomButtons shown={shownRange ?? whole} isWhole={range === undefined} onRange={show} />
            <Select
              label={t('curve')}
              size="small"
              value={figure === undefined ? curve : curveOfFigure(figure.name)}
              onChange={onCurve}
              options={[
                ...comparedCurves.map((value) => ({ value, label: t(`curves.${value}`) })),
                ...figures.map(({ name, term }) => ({ value: curveOfFigure(name), label: term.name })),
              ]}
              className="w-44"
            />
          </>
        }
      />
    </div>
  );
}

/** The curves of several runs, in their order; each follows its run. */
function useCurves(
  names: readonly string[],
  series: MetricSeries,
  range: StepRange | undefined,
): { readonly curves: readonly (Metrics | undefined)[]; readonly error: unknown } {
  const project = useCurrentProject();
  const settled = useDebounced(range, 120);
  const queries = useQueries({
    queries: names.map((name) => {
      const input = metricsInput(name, [series], settled);
      return {
        queryKey: ['run-metrics', project, input],
        queryFn: ({ signal }: { readonly signal: AbortSignal }) => client.runs.metrics(input, { signal }),
        placeholderData: keepPreviousData,
        gcTime: 10_000,
      };
    }),
    combine: combineCurves,
  });
  const sequences = useThrottled(useRunSequences(), 1500);
  const { curves, refetch } = queries;
  useEffect(() => {
    for (const [place, name] of names.entries()) {
      const metrics = curves[place];
      if (metrics !== undefined && (sequences.get(name) ?? 0) > metrics.upTo) refetch[place]?.();
    }
    // Only a run that went on is asked again; an answer alone asks for nothing.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [sequences]);
  return queries;
}

interface CurveQuery {
  readonly data: Metrics | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

function combineCurves(queries: readonly CurveQuery[]) {
  return {
    curves: queries.map(({ data }) => data),
    refetch: queries.map(({ refetch }) => refetch),
    error: queries.find(({ error }) => error !== null)?.error,
  };
}
