import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineState, KeptBenchmark } from '../../../shared/engines/contract.ts';
import { benchmarkGpt } from '../../../shared/engines/benchmark-gpt.ts';
import { engineTitles } from '../../../shared/engines/engine.ts';
import { formatBytes, formatCount, formatMilliseconds } from '../../format/format.ts';
import { Ago } from '../../components/ago.tsx';
import { Badge, type BadgeTone } from '../../components/badge.tsx';

const tones: Readonly<Record<EngineState['state'], BadgeTone>> = {
  ready: 'success',
  installable: 'neutral',
  failing: 'danger',
  impossible: 'neutral',
};

const purposes = { onnxruntime: 'onnxRuntimeText', tensorflow: 'tensorFlowText' } as const;

export interface EngineEntryProps {
  readonly engine: EngineState;
  /** Whether it trains where nothing else is chosen. */
  readonly usual: boolean;
  /** What can be done with it. */
  readonly actions?: ReactNode;
}

/** An engine: what it is for, how fast it is here, what can be done with it. One below the other where there is little room. */
export function EngineEntry({
  engine: { name, version, state, device, bytes, unknownFiles, reason, benchmark },
  usual,
  actions,
}: EngineEntryProps): JSX.Element {
  const { t } = useTranslation('hardware');
  return (
    <li className="grid gap-x-6 gap-y-2 border-b border-line px-4 py-3 last:border-b-0 @3xl:grid-cols-[15rem_minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <h3 className="font-medium">
            {engineTitles[name]}{' '}
            {version !== undefined && <span className="text-sm font-normal text-ink-faint">{version}</span>}
          </h3>
          <Badge tone={tones[state]}>{t(state)}</Badge>
        </div>
        {usual && <p className="text-sm text-ink-faint">{t('usual')}</p>}
      </div>
      <div className="min-w-0 wrap-break-word">
        <p className="text-ink-soft">{t(purposes[name])}</p>
        {device !== undefined && bytes !== undefined && (
          <p className="text-sm text-ink-faint">{t('installed', { device, bytes: formatBytes(bytes) })}</p>
        )}
        {unknownFiles !== undefined && (
          <p className="text-sm text-ink-faint">{t('unknownFiles', { files: unknownFiles.join(', ') })}</p>
        )}
        {reason !== undefined && <p className="text-danger">{reason}</p>}
        {benchmark !== undefined && <Measured benchmark={benchmark} />}
      </div>
      {actions !== undefined && (
        <div className="flex flex-wrap items-start gap-2 @3xl:justify-end">{actions}</div>
      )}
    </li>
  );
}

function Measured({ benchmark }: { readonly benchmark: KeptBenchmark }): JSX.Element {
  const { t } = useTranslation('hardware');
  const figures = [
    { label: t('step'), value: formatMilliseconds(benchmark.secondsPerStep) },
    {
      label: t('writing'),
      value: t('writingSpeed', { speed: formatCount(benchmark.tokensPerSecond) }),
    },
    { label: t('matrices'), value: t('matricesSpeed', { rate: formatCount(benchmark.matrixGigaflops) }) },
  ];
  return (
    <>
      <dl className="mt-2 flex flex-wrap gap-x-8 gap-y-1.5">
        {figures.map(({ label, value }) => (
          <div key={label}>
            <dt className="text-sm text-ink-faint">{label}</dt>
            <dd className="figures font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-1 text-sm text-pretty text-ink-faint">
        <Ago
          moment={benchmark.measuredAt}
          show={(ago) => t('measured', { ago, layers: benchmarkGpt.layers, width: benchmarkGpt.hiddenSize })}
        />
      </p>
    </>
  );
}
