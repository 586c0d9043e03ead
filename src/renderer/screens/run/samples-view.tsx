import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordEntry } from '../../../shared/runs/record.ts';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { formatCount, formatLoss } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { useRecord } from './use-record.ts';
import { OlderEntries } from './older-entries.tsx';

type Sample = Extract<RecordEntry, { readonly kind: 'sample' }>;

const kinds = ['sample', 'evaluated'] as const;

/** A sample with the validation loss that was measured with it. */
interface ShownSample extends Sample {
  readonly loss: number | undefined;
}

/** A run's samples, the newest first. */
export function useSamples(run: string, pageLength: number) {
  const { query, entries } = useRecord(run, kinds, pageLength);
  const losses = new Map(
    entries.flatMap((entry) => (entry.kind === 'evaluated' ? [[entry.step, entry.loss] as const] : [])),
  );
  const samples = entries.flatMap((entry): readonly ShownSample[] =>
    entry.kind === 'sample' ? [{ ...entry, loss: losses.get(entry.step) ?? undefined }] : [],
  );
  return { query, samples };
}

/** What stands where there are no samples yet. */
export function useNoSamples(run: RunDetails): string {
  const { t } = useTranslation('run');
  const { sample, evaluationInterval } = run.configuration.training;
  return sample.maximumTokens === 0
    ? t('samplesNone')
    : t('samplesEmpty', {
        step: formatCount((Math.floor(run.step / evaluationInterval) + 1) * evaluationInterval),
      });
}

/** All samples of a run: one sees the model learn. */
export function SamplesView({ run }: { readonly run: RunDetails }): JSX.Element {
  const { t } = useTranslation('run');
  const { query, samples } = useSamples(run.name, 40);
  const none = useNoSamples(run);
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-3xl text-ink-soft">{t('samplesLead')}</p>
      <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Loading />}
      {query.isSuccess && samples.length === 0 && <p className="text-ink-faint">{none}</p>}
      {samples.length > 0 && (
        <Card flush>
          <ol>
            {samples.map((sample) => (
              <li
                key={sample.sequence}
                className="grid grid-cols-[11rem_1fr] gap-4 border-b border-line px-4 py-3 last:border-b-0"
              >
                <div>
                  <div className="figures font-medium">
                    {t('sampleAt', { step: formatCount(sample.step) })}
                  </div>
                  {sample.loss !== undefined && (
                    <div className="figures text-sm text-ink-faint">
                      {t('lossThen', { loss: formatLoss(sample.loss) })}
                    </div>
                  )}
                </div>
                <SampleText sample={sample} />
              </li>
            ))}
          </ol>
        </Card>
      )}
      <OlderEntries query={query} />
    </div>
  );
}

/** What the model wrote, its given beginning set apart. */
export function SampleText({ sample }: { readonly sample: Pick<Sample, 'prompt' | 'text'> }): JSX.Element {
  const { prompt, text } = sample;
  const begins = prompt !== '' && text.startsWith(prompt);
  return (
    <p className="min-w-0 font-mono text-sm whitespace-pre-wrap wrap-anywhere">
      {prompt !== '' && <span className="text-ink-faint">{prompt}</span>}
      {begins ? text.slice(prompt.length) : text}
    </p>
  );
}
