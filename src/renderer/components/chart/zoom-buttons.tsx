import { ChevronLeft, ChevronRight, Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../icon-button.tsx';
import type { ChartRange } from './chart-lines.ts';
import { moved, zoomed } from './follow-pointer.ts';

export interface ZoomButtonsProps {
  /** What is shown now. */
  readonly shown: ChartRange | undefined;
  readonly isWhole: boolean;
  readonly onRange: (range: ChartRange | undefined) => void;
}

/** What the pointer does to a chart, for those who press buttons. */
export function ZoomButtons({ shown, isWhole, onRange }: ZoomButtonsProps): JSX.Element {
  const { t } = useTranslation('chart');
  const change = (to: (range: ChartRange) => ChartRange) => () => {
    if (shown !== undefined) onRange(to(shown));
  };
  const middle = shown === undefined ? 0 : (shown.min + shown.max) / 2;
  return (
    <div className="flex items-center" role="group" aria-label={t('zoom')}>
      <IconButton
        label={t('left')}
        icon={ChevronLeft}
        disabled={isWhole}
        onClick={change((range) => moved(range, -0.3))}
      />
      <IconButton label={t('zoomIn')} icon={ZoomIn} onClick={change((range) => zoomed(range, middle, 0.5))} />
      <IconButton
        label={t('zoomOut')}
        icon={ZoomOut}
        disabled={isWhole}
        onClick={change((range) => zoomed(range, middle, 2))}
      />
      <IconButton
        label={t('right')}
        icon={ChevronRight}
        disabled={isWhole}
        onClick={change((range) => moved(range, 0.3))}
      />
      <IconButton label={t('all')} icon={Maximize2} disabled={isWhole} onClick={() => onRange(undefined)} />
    </div>
  );
}
