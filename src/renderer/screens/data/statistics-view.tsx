import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatasetStatistics, DocumentStatistics } from '../../../shared/datasets/statistics.ts';
import type { TermName } from '../../../shared/teaching/terms.ts';
import { api } from '../../client/client.ts';
import { formatCount } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Figure } from '../../components/figure.tsx';
import { Loading } from '../../components/loading.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { FewDocuments } from './few-documents.tsx';
import { LengthHistogram } from './length-histogram.tsx';
import { languageName } from './language-name.ts';
import { SourceTable } from './source-table.tsx';
import { Shares } from './shares.tsx';
import { TokenFigure } from './token-figure.tsx';

export interface StatisticsViewProps {
  readonly name: string;
  readonly version: string;
}

/** What a dataset is like, after its recipe and before it. */
export function StatisticsView({ name, version }: StatisticsViewProps): JSX.Element {
  const { t } = useTranslation('data');
  const [which, setWhich] = useState<'after' | 'before'>('after');
  const statistics = useQuery(
    api.datasets.statistics.queryOptions({ input: { name }, placeholderData: keepPreviousData }),
  );
  if (statistics.error !== null)
    return <ErrorNotice error={statistics.error} onRetry={() => void statistics.refetch()} />;
  if (statistics.data === undefined) return <Loading />;
  const { data } = statistics;
  const shown = data[which];
  return (
    <div className="flex h-full min-h-0 flex-col gap-4 overflow-y-auto pb-1">
      <div>
        <SegmentedControl
          label={t('statisticsWhich')}
          value={which}
          onChange={setWhich}
          options={[
            { value: 'after', label: t('after') },
            { value: 'before', label: t('before') },
          ]}
        />
      </div>
      <Figures shown={shown} compared={which === 'after' ? data.before : undefined}>
        <TokenFigure name={name} version={version} />
      </Figures>
      <FewDocuments name={name} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Card title={t('lengths')} explain="data.lengths">
          <LengthHistogram statistics={shown} />
        </Card>
        <Languages shown={shown} />
        {shown.labels.length > 0 && (
          <Card title={t('labels')} explain="data.labels">
            <Shares
              label={t('labels')}
              total={shown.documents}
              rows={shown.labels.map(({ label, documents }) => ({
                name: label === '' ? t('noLabel') : label,
                count: documents,
              }))}
            />
            {shown.differentLabels > shown.labels.length && (
              <p className="mt-2 text-sm text-ink-faint">
                {t('labelsMore', { count: shown.differentLabels })}
              </p>
            )}
          </Card>
        )}
        <Encodings data={data} />
        {shown.sources.length > 1 && (
          <Card flush title={t('bySource')} className="xl:col-span-2">
            <SourceTable statistics={shown} />
          </Card>
        )}
      </div>
    </div>
  );
}

interface FiguresProps {
  readonly shown: DocumentStatistics;
  /** The figures before the recipe, where those after it are shown. */
  readonly compared: DocumentStatistics | undefined;
  readonly children: JSX.Element;
}

function Figures({ shown, compared, children }: FiguresProps): JSX.Element {
  const { t } = useTranslation('data');
  const figure = (
    label: string,
    of: (statistics: DocumentStatistics) => number,
    explain?: TermName,
  ): JSX.Element => {
    const before = compared === undefined ? undefined : of(compared);
    return (
      <Figure
        label={label}
        explain={explain}
        value={formatCount(of(shown))}
        note={
          before !== undefined && before !== of(shown) ? t('was', { before: formatCount(before) }) : undefined
        }
      />
    );
  };
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-x-6 gap-y-4 rounded-lg border border-line bg-surface p-4 shadow-card">
      {figure(t('figureDocuments'), ({ documents }) => documents, 'data.document')}
      {figure(t('figureCharacters'), ({ characters }) => characters, 'data.characters')}
      {figure(t('figureWords'), ({ words }) => words, 'data.words')}
      {figure(t('figureDuplicates'), ({ duplicates }) => duplicates, 'data.duplicates')}
      {figure(t('figureEmpty'), ({ empty }) => empty, 'data.empty')}
      {figure(t('figureSuspicious'), ({ suspicious }) => suspicious, 'data.suspicious')}
      {figure(t('figureMedian'), ({ lengths }) => lengths.median, 'data.lengths')}
      {figure(t('figureLongest'), ({ lengths }) => lengths.longest)}
      {children}
    </div>
  );
}

function Languages({ shown }: { readonly shown: DocumentStatistics }): JSX.Element {
  const { t } = useTranslation('data');
  return (
    <Card title={t('languages')} explain="data.languages">
      <Shares
        label={t('languages')}
        total={shown.documents}
        rows={shown.languages.slice(0, 12).map(({ language, documents }) => ({
          name: languageName(language) ?? t('languageUnknown'),
          count: documents,
        }))}
      />
    </Card>
  );
}

function Encodings({ data }: { readonly data: DatasetStatistics }): JSX.Element {
  const { t } = useTranslation('data');
  return (
    <Card title={t('encodings')} explain="data.encodings">
      <Shares
        label={t('encodings')}
        total={data.encodings.reduce((sum, { files }) => sum + files, 0)}
        rows={data.encodings.map(({ encoding, files }) => ({ name: encoding, count: files }))}
      />
    </Card>
  );
}
