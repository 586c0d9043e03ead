import { Download, Table2 } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Term } from '../../../shared/teaching/term.ts';
import type { TermName } from '../../../shared/teaching/terms.ts';
import { Card } from '../card.tsx';
import { IconButton } from '../icon-button.tsx';
import { Menu } from '../menu.tsx';
import { toastError } from '../toast.tsx';
import { chartCsv } from './chart-csv.ts';
import { useChartColors } from './chart-colors.ts';
import { chartSvg } from './chart-svg.ts';
import { ChartTable } from './chart-table.tsx';
import { Chart, type ChartProps } from './chart.tsx';
import { pngOf, saveFile } from './save-chart.ts';

export interface ChartCardProps extends ChartProps {
  readonly explain?: TermName | Term | undefined;
  /** What files made of it are called, without ending. */
  readonly fileName: string;
  readonly actions?: ReactNode;
  /** Stands in its place where there is nothing to draw yet. */
  readonly empty?: ReactNode;
}

/** A chart with its title, as a picture to keep, and as a table. */
export function ChartCard(props: ChartCardProps): JSX.Element {
  const { label, explain, fileName, actions, empty, lines, marks = [], xName, formatX, formatY } = props;
  const { t } = useTranslation('chart');
  const colors = useChartColors();
  const [asTable, setAsTable] = useState(false);
  const isEmpty = lines.every(({ x }) => x.length === 0);

  const picture = (): string =>
    chartSvg(
      {
        title: label,
        xName,
        lines,
        marks,
        range: props.range,
        logarithmic: props.logarithmic === true,
        formatX: props.formatXTick ?? formatX,
        formatY: props.formatTick ?? formatY,
      },
      colors,
    );
  const savePng = async (): Promise<void> => {
    try {
      saveFile(`${fileName}.png`, await pngOf(picture()));
    } catch (error) {
      toastError(error);
    }
  };

  return (
    <Card
      title={label}
      explain={explain}
      actions={
        <>
          {actions}
          <IconButton
            label={t(asTable ? 'asChart' : 'asTable')}
            icon={Table2}
            aria-pressed={asTable}
            disabled={isEmpty}
            onClick={() => setAsTable(!asTable)}
          />
          <Menu
            align="end"
            trigger={<IconButton label={t('save', { chart: label })} icon={Download} disabled={isEmpty} />}
            entries={[
              { label: t('savePng'), hint: t('savePngHint'), onSelect: () => void savePng() },
              {
                label: t('saveSvg'),
                hint: t('saveSvgHint'),
                onSelect: () => saveFile(`${fileName}.svg`, new Blob([picture()], { type: 'image/svg+xml' })),
              },
              {
                label: t('saveCsv'),
                hint: t('saveCsvHint'),
                onSelect: () =>
                  saveFile(`${fileName}.csv`, new Blob([chartCsv(xName, lines)], { type: 'text/csv' })),
              },
            ]}
          />
        </>
      }
    >
      {isEmpty && empty !== undefined ? (
        <div
          className="flex items-center justify-center text-center text-ink-faint"
          style={{ minHeight: props.height ?? 220 }}
        >
          {empty}
        </div>
      ) : asTable ? (
        <ChartTable label={label} lines={lines} xName={xName} formatX={formatX} formatY={formatY} />
      ) : (
        <Chart {...props} />
      )}
    </Card>
  );
}
