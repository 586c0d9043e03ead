import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Explain } from '../components/explain.tsx';
import { SegmentedControl } from '../components/segmented-control.tsx';
import { Slider } from '../components/slider.tsx';
import { Switch } from '../components/switch.tsx';
import { formatPercent } from '../format/format.ts';
import type { ChartAxis } from './chart-axes.ts';

/** How curves are drawn. */
export interface ChartView {
  /** Weight of what came before, from 0 to just under 1. */
  readonly smoothing: number;
  readonly logarithmic: boolean;
}

export interface ChartToolbarProps {
  readonly axis: ChartAxis;
  readonly onAxis: (axis: ChartAxis) => void;
  readonly view: ChartView;
  readonly onView: (view: ChartView) => void;
}

/** What all charts of a screen share: the x axis, how smooth, which scale. */
export function ChartToolbar({ axis, onAxis, view, onView }: ChartToolbarProps): JSX.Element {
  const { t } = useTranslation('chart');
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
      <div className="flex items-center gap-1">
        <SegmentedControl
          label={t('axis')}
          value={axis}
          onChange={onAxis}
          options={[
            { value: 'step', label: t('axisStep') },
            { value: 'time', label: t('axisTime') },
            { value: 'tokens', label: t('axisTokens') },
          ]}
        />
        <Explain term="charts.axis" />
      </div>
      <div className="flex items-center gap-1.5 text-sm">
        <span>{t('smoothing')}</span>
        <Explain term="charts.smoothing" />
        <div className="w-40">
          <Slider
            label={t('smoothing')}
            value={view.smoothing}
            onChange={(smoothing) => onView({ ...view, smoothing })}
            min={0}
            max={0.98}
            step={0.02}
            show={(value) => formatPercent(value)}
          />
        </div>
      </div>
      <div className="flex items-center gap-1 text-sm">
        <Switch
          label={t('logarithmic')}
          checked={view.logarithmic}
          onChange={(logarithmic) => onView({ ...view, logarithmic })}
        />
        <Explain term="charts.logarithmic" />
      </div>
    </div>
  );
}
