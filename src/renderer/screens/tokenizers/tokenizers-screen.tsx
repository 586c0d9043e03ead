import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Import, Plus, Scissors } from 'lucide-react';
import { useCallback, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { withTexts } from '../../../shared/datasets/dataset.ts';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ImportDialog } from './import-dialog.tsx';
import type { TokenizersSearch } from './search.ts';
import { TokenizerList } from './tokenizer-list.tsx';
import { TokenizerView } from './tokenizer-view.tsx';
import { TrainDialog } from './train-dialog.tsx';
import { TrainingJobs } from './training-jobs.tsx';

const route = getRouteApi('/project/tokenizers');

/** Train tokenizers, try them on a text, compare them. */
export function TokenizersScreen(): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (changes: Partial<TokenizersSearch>, replace = true) =>
      void navigate({ search: (before) => ({ ...before, ...changes }), replace }),
    [navigate],
  );
  const tokenizers = useQuery(api.tokenizers.list.queryOptions());
  const datasets = useQuery(api.datasets.list.queryOptions({ select: withTexts }));
  const [importing, setImporting] = useState(false);
  const [started, setStarted] = useState<number>();
  const [text, setText] = useState<string>(() => t('sample'));
  const list = tokenizers.data ?? [];
  const selected = list.find(({ name }) => name === search.tokenizer) ?? newest(list);
  const select = useCallback((name: string) => change({ tokenizer: name }, false), [change]);
  const hasData = datasets.data === undefined || datasets.data.length > 0;

  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      fill
      actions={
        <>
          <Button icon={Import} onClick={() => setImporting(true)}>
            {t('import')}
          </Button>
          <Button variant="primary" icon={Plus} onClick={() => change({ train: true })}>
            {t('train')}
          </Button>
        </>
      }
    >
      <TrainingJobs started={started} onDismiss={() => setStarted(undefined)} onTrained={select} />
      <ErrorNotice error={tokenizers.error} onRetry={() => void tokenizers.refetch()} />
      {tokenizers.isPending && <Loading />}
      {tokenizers.data?.length === 0 && (
        <Card className="flex-1">
          <EmptyState
            icon={Scissors}
            title={t('emptyTitle')}
            text={t(hasData ? 'emptyText' : 'emptyNoData')}
            actions={
              hasData ? (
                <Button variant="primary" onClick={() => change({ train: true })}>
                  {t('train')}
                </Button>
              ) : (
                <LinkButton to="/data" variant="primary">
                  {t('toData')}
                </LinkButton>
              )
            }
          />
        </Card>
      )}
      {selected !== undefined && (
        <div className="grid min-h-0 flex-1 grid-cols-[17rem_1fr] gap-4">
          <Card flush className="min-h-0">
            <div className="flex h-full flex-col">
              <TokenizerList tokenizers={list} selected={selected.name} onSelect={select} />
            </div>
          </Card>
          <div className="min-h-0 overflow-y-auto rounded-lg border border-line bg-surface shadow-card">
            <TokenizerView
              tokenizer={selected}
              tokenizers={list}
              view={search.view ?? 'try'}
              onView={(view) => change({ view })}
              other={search.with}
              onOther={(name) => change({ with: name })}
              text={text}
              onText={setText}
            />
          </div>
        </div>
      )}
      <TrainDialog
        open={search.train !== undefined}
        onOpenChange={(open) => change({ train: open ? true : undefined })}
        dataset={typeof search.train === 'string' ? search.train : undefined}
        tokenizers={list}
        onStarted={setStarted}
      />
      <ImportDialog open={importing} onOpenChange={setImporting} tokenizers={list} onImported={select} />
    </Page>
  );
}

function newest<Made extends { readonly createdAt: string }>(list: readonly Made[]): Made | undefined {
  return list.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}
