import { useQuery } from '@tanstack/react-query';
import { FileText, Upload } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { withTexts, type DatasetSummary } from '../../../shared/datasets/dataset.ts';
import { api } from '../../client/client.ts';
import { formatAgo, formatBytes, formatCount } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Select } from '../../components/select.tsx';
import { ChoiceCard, Choices } from './choice-card.tsx';
import { smallText, tinyText } from './text-size.ts';

/** So many datasets are seen at a glance. */
const glance = 6;

type Order = 'newest' | 'name' | 'size';

const orders: Readonly<Record<Order, (a: DatasetSummary, b: DatasetSummary) => number>> = {
  newest: (a, b) => b.createdAt.localeCompare(a.createdAt),
  name: (a, b) => a.name.localeCompare(b.name),
  size: (a, b) => b.bytes - a.bytes,
};

/** The text to learn from. */
export function DataStep({
  dataset,
  onChange,
}: {
  readonly dataset: string | undefined;
  readonly onChange: (dataset: string) => void;
}): JSX.Element {
  const { t } = useTranslation('new-model');
  const datasets = useQuery(api.datasets.list.queryOptions({ select: withTexts }));
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState<Order>('newest');
  if (datasets.data === undefined)
    return datasets.error === null ? (
      <Loading />
    ) : (
      <ErrorNotice error={datasets.error} onRetry={() => void datasets.refetch()} />
    );
  if (datasets.data.length === 0)
    return (
      <Card>
        <EmptyState
          icon={FileText}
          title={t('noDatasetTitle')}
          text={t('noDatasetText')}
          actions={
            <>
              <LinkButton to="/data" search={{ import: 'files' }} variant="primary" icon={Upload}>
                {t('importData')}
              </LinkButton>
              <LinkButton to="/data" search={{ import: 'sample' }}>
                {t('importSample')}
              </LinkButton>
            </>
          }
        />
      </Card>
    );
  const chosen = datasets.data.find(({ name }) => name === dataset);
  const shown = datasets.data
    .filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()))
    .toSorted(orders[order]);
  return (
    <div className="flex flex-col gap-3">
      {dataset !== undefined && chosen === undefined && <Notice tone="warning">{t('textGone')}</Notice>}
      {datasets.data.length > glance && (
        <div className="flex flex-wrap items-center gap-2">
          <SearchInput value={search} onChange={setSearch} label={t('datasetSearch')} />
          <Select
            label={t('datasetSort')}
            value={order}
            onChange={setOrder}
            className="w-40!"
            options={[
              { value: 'newest', label: t('datasetSortNewest') },
              { value: 'name', label: t('datasetSortName') },
              { value: 'size', label: t('datasetSortSize') },
            ]}
          />
        </div>
      )}
      <Choices legend={t('dataset')}>
        {shown.map((each) => (
          <ChoiceCard
            key={each.name}
            group="dataset"
            value={each.name}
            checked={each.name === dataset}
            onChoose={() => onChange(each.name)}
            title={each.name}
            mark={t('datasetSize', { bytes: formatBytes(each.bytes), count: each.files })}
          >
            {[
              ...(each.documents === undefined
                ? []
                : [
                    t('datasetDocuments', {
                      count: each.documents,
                      documents: formatCount(each.documents),
                    }),
                  ]),
              t('datasetImported', { ago: formatAgo(each.createdAt) }),
            ].join(' · ')}
          </ChoiceCard>
        ))}
      </Choices>
      {chosen !== undefined && chosen.bytes < tinyText && (
        <Notice tone="warning" title={t('textTiny')}>
          {t('textTinyRemedy')}
        </Notice>
      )}
      {chosen !== undefined && chosen.bytes >= tinyText && chosen.bytes < smallText && (
        <Notice tone="info" title={t('textSmall')}>
          {t('textSmallRemedy')}
        </Notice>
      )}
      <div>
        <LinkButton to="/data" search={{ import: 'files' }} icon={Upload} variant="quiet">
          {t('importMore')}
        </LinkButton>
      </div>
    </div>
  );
}
