import { useEffect, useMemo, useState } from 'react';
import { useTheme } from '../../theme/theme.ts';
import type { LineColor } from './chart-lines.ts';

/** The theme's colours as a canvas understands them. */
export interface ChartColors {
  readonly line: Readonly<Record<LineColor, string>>;
  readonly text: string;
  readonly grid: string;
  readonly background: string;
  readonly warning: string;
  readonly danger: string;
  readonly info: string;
}

function resolveColors(): ChartColors {
  const probe = document.createElement('span');
  // A colour on its way from the one before would be read as the one before: where motion is reduced, everything has a
  // transition, though a short one.
  probe.style.transitionProperty = 'none';
  document.body.append(probe);
  const resolve = (name: string): string => {
    probe.style.color = `var(--color-${name})`;
    return getComputedStyle(probe).color;
  };
  const colors = {
    line: {
      1: resolve('series-1'),
      2: resolve('series-2'),
      3: resolve('series-3'),
      4: resolve('series-4'),
      5: resolve('series-5'),
      6: resolve('series-6'),
      7: resolve('series-7'),
      8: resolve('series-8'),
    },
    text: resolve('ink-faint'),
    grid: resolve('line'),
    background: resolve('surface'),
    warning: resolve('warning'),
    danger: resolve('danger'),
    info: resolve('info'),
  };
  probe.remove();
  return colors;
}

/** The colours of the theme that holds now; they are read anew when it changes. */
export function useChartColors(): ChartColors {
  const theme = useTheme();
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  // The probe reads what the two decide.
  // oxlint-disable-next-line react/exhaustive-deps
  return useMemo(resolveColors, [theme, dark]);
}
