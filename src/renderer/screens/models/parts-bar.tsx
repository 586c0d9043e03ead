import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelCard } from '../../../shared/checkpoints/checkpoint.ts';
import { formatParameters, formatPercent } from '../../format/format.ts';

type Part = ModelCard['parts'][number];

const looks = {
  embedding: { label: 'partEmbedding', colour: 'var(--color-series-1)' },
  attention: { label: 'partAttention', colour: 'var(--color-series-2)' },
  feedForward: { label: 'partFeedForward', colour: 'var(--color-series-3)' },
  normalization: { label: 'partNormalization', colour: 'var(--color-series-6)' },
  output: { label: 'partOutput', colour: 'var(--color-series-5)' },
} as const satisfies Record<Part['part'], { readonly label: string; readonly colour: string }>;

/** What a model's parameters are for: a bar and its key. */
export function PartsBar({ parts }: { readonly parts: readonly Part[] }): JSX.Element {
  const { t } = useTranslation('models');
  const total = parts.reduce((sum, { parameters }) => sum + parameters, 0);
  return (
    <div>
      <div aria-hidden className="my-2 flex h-2.5 gap-px overflow-hidden rounded-full">
        {parts.map(({ part, parameters }) => (
          <span
            key={part}
            style={{ width: `${(100 * parameters) / total}%`, background: looks[part].colour }}
          />
        ))}
      </div>
      <ul className="flex flex-col gap-1">
        {parts.map(({ part, parameters }) => (
          <li key={part} className="flex items-center gap-2">
            <span aria-hidden className="size-2.5 rounded-full" style={{ background: looks[part].colour }} />
            <span className="flex-1 text-ink-soft">{t(looks[part].label)}</span>
            <span className="figures">{formatParameters(parameters)}</span>
            <span className="figures w-11 text-right text-ink-faint">
              {formatPercent(parameters / total, parameters / total < 0.01 ? 1 : 0)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
