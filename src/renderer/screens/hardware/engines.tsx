import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineState } from '../../../shared/hardware/contract.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Table } from '../../components/table.tsx';

const tones: Readonly<Record<EngineState['state'], BadgeTone>> = {
  ready: 'success',
  failing: 'danger',
  absent: 'neutral',
};

/** What each engine is for; one that is not known here stands without it. */
const purposes = {
  'ONNX Runtime': 'onnxRuntimeText',
  CUDA: 'cudaText',
  WebGPU: 'webGpuText',
} as const;

function purposeOf(name: string): (typeof purposes)[keyof typeof purposes] | undefined {
  return Object.entries(purposes).find(([engine]) => engine === name)?.[1];
}

/** What can compute here and what cannot. */
export function Engines({ engines }: { readonly engines: readonly EngineState[] }): JSX.Element {
  const { t } = useTranslation('hardware');
  return (
    <Card title={t('engines')} explain="hardware.engine" flush>
      <Table
        label={t('engines')}
        rows={engines}
        rowKey={({ name }) => name}
        columns={[
          {
            id: 'engine',
            title: t('engine'),
            className: 'whitespace-nowrap font-medium',
            render: ({ name, version }) => (
              <>
                {name} {version !== undefined && <span className="text-sm text-ink-faint">{version}</span>}
              </>
            ),
          },
          {
            id: 'state',
            title: t('state'),
            render: ({ state }) => <Badge tone={tones[state]}>{t(state)}</Badge>,
          },
          {
            id: 'does',
            title: t('does'),
            className: 'w-full py-2 text-ink-soft',
            render: ({ name, reason }) => {
              const purpose = purposeOf(name);
              return (
                <>
                  {purpose !== undefined && t(purpose)}
                  {reason !== undefined && <span className="block text-danger">{reason}</span>}
                </>
              );
            },
          },
        ]}
      />
    </Card>
  );
}
