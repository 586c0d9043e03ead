import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphicsProcessor } from '../../../shared/hardware/contract.ts';
import { formatBytes } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';

/** The graphics processors that the operating system tells of. */
export function GraphicsProcessors({ list }: { readonly list: readonly GraphicsProcessor[] }): JSX.Element {
  const { t } = useTranslation('hardware');
  return (
    <Card title={t('graphics')} explain="hardware.gpu">
      {list.length === 0 ? (
        <p className="text-ink-soft">{t('graphicsNone')}</p>
      ) : (
        <ul className="mb-2 flex flex-col gap-1">
          {list.map(({ name, memoryBytes, driver }, index) => (
            <li key={index} className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-medium">{name}</span>
              {memoryBytes !== undefined && <span className="figures">{formatBytes(memoryBytes)}</span>}
              {driver !== undefined && <span className="text-sm text-ink-faint">{driver}</span>}
            </li>
          ))}
        </ul>
      )}
      <p className="text-sm text-ink-faint">{t('graphicsUse')}</p>
    </Card>
  );
}
