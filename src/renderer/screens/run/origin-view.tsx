import { Link } from '@tanstack/react-router';
import type { JSX, ReactNode } from 'react';
import { engineTitle } from '../../../shared/engines/engine.ts';
import { useTranslation } from 'react-i18next';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { formatBytes, formatCount, formatMoment } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';

/** Where a run comes from: data, tokenizer, machine, versions, its parent. */
export function OriginView({ run }: { readonly run: RunDetails }): JSX.Element {
  const { t } = useTranslation('run');
  const { provenance } = run;
  const { hardware, parent } = provenance;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-soft">{t('originLead')}</p>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(26rem,1fr))] items-start gap-4">
        <Card title={t('dataset')}>
          <Facts
            facts={[
              [
                t('dataset'),
                <Link key="dataset" to="/data" search={{ dataset: provenance.dataset.name }} className="link">
                  {provenance.dataset.name}
                </Link>,
              ],
              [t('datasetVersion'), <Hash key="hash" hash={provenance.dataset.hash} />],
              [
                t('tokenizer'),
                <Link
                  key="tokenizer"
                  to="/tokenizers"
                  search={{ tokenizer: provenance.tokenizer.name }}
                  className="link"
                >
                  {provenance.tokenizer.name}
                </Link>,
              ],
              [t('tokenizerHash'), <Hash key="tokenizerHash" hash={provenance.tokenizer.hash} />],
              ...(provenance.startModel === undefined
                ? []
                : [[t('startModel'), provenance.startModel.reference] as const]),
              [t('tokens'), <Hash key="tokens" hash={provenance.tokens} />],
              [
                t('sources'),
                <ul key="sources" className="flex max-h-40 flex-col gap-1 overflow-y-auto">
                  {provenance.dataset.sources.map(({ name, hash }) => (
                    <li key={`${name}${hash}`} className="flex min-w-0 items-center gap-2">
                      <span className="truncate">{name}</span>
                      <Hash hash={hash} />
                    </li>
                  ))}
                </ul>,
              ],
            ]}
          />
        </Card>
        <Card title={t('engine')}>
          <Facts
            facts={[
              [t('seed'), String(provenance.seed)],
              [
                t('engine'),
                t('engineThreads', {
                  name: engineTitle(provenance.engine.name),
                  count: provenance.engine.threads,
                }),
              ],
              [t('processor'), hardware.processor],
              [
                t('memory'),
                t('machine', {
                  cores: formatCount(hardware.cores),
                  memory: formatBytes(hardware.memoryBytes),
                  platform: hardware.platform,
                  architecture: hardware.architecture,
                }),
              ],
              [
                t('versions'),
                Object.entries(provenance.versions)
                  .map(([name, version]) => `${name} ${version}`)
                  .join(', '),
              ],
              [t('created'), formatMoment(run.createdAt)],
              [t('startedAt'), formatMoment(run.startedAt)],
              [t('endedAt'), formatMoment(run.endedAt)],
              ...(run.process === undefined ? [] : [[t('folder'), String(run.process)] as const]),
            ]}
          />
        </Card>
        {(parent !== undefined || run.branches.length > 0) && (
          <Card title={t('branches')} explain="training.branch">
            <Facts
              facts={[
                ...(parent === undefined
                  ? []
                  : [
                      [
                        t('parent'),
                        <Link key="parent" to="/runs/$run" params={{ run: parent.run }} className="link">
                          {t(parent.takes === 'everything' ? 'parentEverything' : 'parentWeights', {
                            run: parent.run,
                            step: formatCount(parent.step),
                          })}
                        </Link>,
                      ] as const,
                    ]),
                ...run.branches.map(
                  (branch) =>
                    [
                      t('sampleAt', { step: formatCount(branch.step) }),
                      <Link key={branch.run} to="/runs/$run" params={{ run: branch.run }} className="link">
                        {branch.run}
                      </Link>,
                    ] as const,
                ),
              ]}
            />
          </Card>
        )}
      </div>
    </div>
  );
}

function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }): JSX.Element {
  return (
    <dl className="grid grid-cols-[minmax(8rem,auto)_1fr] gap-x-4 gap-y-1.5">
      {facts.map(([name, value], index) => (
        <div key={`${name}${index}`} className="contents">
          <dt className="text-ink-faint">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A hash, as short as one can still tell it apart, and whole to copy. */
function Hash({ hash }: { readonly hash: string }): JSX.Element {
  return (
    <span className="inline-flex items-center gap-1 font-mono text-sm text-ink-soft">
      {hash.slice(0, 12)}
      <CopyButton text={hash} />
    </span>
  );
}
