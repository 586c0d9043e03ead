import { Link } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelCard, ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { formatCount, formatLoss } from '../../format/format.ts';
import { Facts, Section } from './facts.tsx';

export interface LineageProps {
  readonly model: ModelSummary;
  readonly provenance: ModelCard['provenance'];
}

/** Which run, data and tokenizer made a model. */
export function Lineage({ model: { origin, loss }, provenance }: LineageProps): JSX.Element {
  const { t } = useTranslation('models');
  const files = provenance?.dataset.sources.length;
  const parent = provenance?.parent;
  const made = provenance === undefined ? [] : madeOn(provenance);

  function madeOn({ hardware, versions, seed }: NonNullable<LineageProps['provenance']>) {
    return [
      [t('seed'), String(seed)],
      [
        t('machine'),
        [
          hardware.processor,
          ...(versions['loam'] === undefined ? [] : [t('loamVersion', { version: versions['loam'] })]),
        ].join(' · '),
      ],
    ] as const;
  }

  return (
    <Section title={t('lineage')}>
      {origin.kind === 'run' ? (
        <Facts
          facts={[
            [
              t('run'),
              <Link key="run" to="/runs/$run" params={{ run: origin.run }} className="link">
                {origin.run}
              </Link>,
            ],
            [t('step'), formatCount(origin.step)],
            ...(parent === undefined
              ? []
              : [
                  [
                    t('parent'),
                    <Link
                      key="parent"
                      to="/models"
                      search={{ model: `${parent.run}@${parent.step}` }}
                      className="link"
                    >
                      {`${parent.run}@${parent.step}`}
                    </Link>,
                  ] as const,
                ]),
            ...(loss === undefined ? [] : [[t('columnLoss'), formatLoss(loss)] as const]),
            [
              t('dataset'),
              <span key="data">
                <Link to="/data" search={{ dataset: origin.dataset }} className="link">
                  {origin.dataset}
                </Link>
                {files !== undefined && ` · ${t('files', { count: files, counted: formatCount(files) })}`}
              </span>,
            ],
            [
              t('tokenizer'),
              <Link
                key="tokenizer"
                to="/tokenizers"
                search={{ tokenizer: origin.tokenizer }}
                className="link"
              >
                {origin.tokenizer}
              </Link>,
            ],
            ...made,
          ]}
        />
      ) : (
        <>
          <Facts
            facts={[
              [
                t('importedFrom'),
                <span key="from" title={origin.from}>
                  {origin.from}
                </span>,
              ],
              ...(provenance === undefined
                ? []
                : ([
                    [t('run'), provenance.run],
                    [t('dataset'), provenance.dataset.name],
                    [t('tokenizer'), provenance.tokenizer.name],
                  ] as const)),
              ...made,
            ]}
          />
          {provenance === undefined && <p className="mt-1.5 text-sm text-ink-faint">{t('noLineage')}</p>}
        </>
      )}
    </Section>
  );
}
