import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronRight, Download, EllipsisVertical, FileX, Scissors, Sprout, Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatasetDetails } from '../../../shared/datasets/dataset.ts';
import { datasetExportFormats } from '../../../shared/datasets/export.ts';
import { api } from '../../client/client.ts';
import { formatBytes, formatCompact, formatCount, formatMoment } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Explain } from '../../components/explain.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Menu } from '../../components/menu.tsx';
import { Page } from '../../components/page.tsx';
import { toast, toastError } from '../../components/toast.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { ChooseIncoming } from './choose-incoming.tsx';
import { DeleteDataset } from './delete-dataset.tsx';
import { DeleteTexts } from './delete-texts.tsx';
import { DocumentsView } from './documents-view.tsx';
import { DropArea } from './drop-area.tsx';
import { ImportJobs, type ImportJobsProps } from './import-jobs.tsx';
import type { Incoming } from './incoming.ts';
import { useRecipeChanges } from './recipe-changes.ts';
import { RecipeView } from './recipe-view.tsx';
import type { DataSearch, DatasetView } from './search.ts';
import { SourcesView } from './sources-view.tsx';
import { StatisticsView } from './statistics-view.tsx';

export interface DatasetPageProps {
  readonly name: string;
  readonly view: DatasetView;
  /** The key of the document that is open. */
  readonly document: string | undefined;
  /** The step, from 1, whose documents are shown. */
  readonly step: number | undefined;
  readonly jobs: ImportJobsProps;
  readonly onSearch: (changes: Partial<DataSearch>, replace?: boolean) => void;
  /** `asNew` when they make a dataset of their own, and are not added to this one. */
  readonly onIncoming: (incoming: Incoming, asNew: boolean) => void;
}

/** One dataset: its documents, its figures, its recipe, its files. */
export function DatasetPage(props: DatasetPageProps): JSX.Element {
  const { name } = props;
  const { t } = useTranslation('data');
  const details = useQuery(api.datasets.show.queryOptions({ input: { name } }));
  if (details.data !== undefined) return <Shown {...props} details={details.data} />;
  return (
    <Page title={name}>
      {details.isPending ? (
        <Loading />
      ) : (
        <EmptyState
          icon={Trash2}
          title={t('missingTitle', { name })}
          text={t('missingText')}
          actions={
            <LinkButton to="/data" search={{}} variant="primary">
              {t('allData')}
            </LinkButton>
          }
        />
      )}
    </Page>
  );
}

function Shown(props: DatasetPageProps & { readonly details: DatasetDetails }): JSX.Element {
  const { name, view, document, step, jobs, onSearch, onIncoming, details } = props;
  const { t } = useTranslation('data');
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<'dataset' | 'texts'>();
  const { textsDeletedAt } = details;
  const save = useMutation(
    api.datasets.export.mutationOptions({
      onSuccess: ({ file, documents, bytes, parted, withheld }) =>
        toast({
          title: t('exported', {
            count: documents,
            counted: formatCount(documents),
            bytes: formatBytes(bytes),
          }),
          text: [
            file,
            ...(parted === 0 ? [] : [t('exportParted', { count: parted })]),
            ...(withheld === 0 ? [] : [t('exportWithheld', { count: withheld })]),
          ].join('. '),
          tone: 'success',
        }),
      onError: toastError,
    }),
  );
  const bring = (incoming: Incoming): void => onIncoming(incoming, textsDeletedAt !== undefined);
  const recipe = useRecipeChanges(name, details.hash);
  const shared = { name, version: details.hash, recipe };
  return (
    <DropArea
      label={textsDeletedAt === undefined ? t('dropInto', { name }) : t('dropNow')}
      onIncoming={bring}
    >
      <Page
        fill
        title={name}
        lead={
          <span className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5">
            <Link to="/data" search={{}} className="link">
              {t('allData')}
            </Link>
            <ChevronRight aria-hidden className="size-3.5 text-ink-faint" />
            <span>
              {details.documents !== undefined &&
                `${t('documentsFound', { count: details.documents, counted: formatCount(details.documents) })} · `}
              {details.characters !== undefined &&
                `${t('charactersCount', { count: details.characters, counted: formatCompact(details.characters) })} · `}
              {formatBytes(details.bytes)}
            </span>
            <span className="flex items-center text-sm text-ink-faint">
              · {t('version')} <span className="ml-1 font-mono">{details.hash.slice(0, 8)}</span>
              <Explain term="data.version" />
              <CopyButton text={details.hash} />
            </span>
          </span>
        }
        actions={
          <>
            {textsDeletedAt === undefined && (
              <>
                <LinkButton to="/tokenizers" search={{ train: name }} icon={Scissors}>
                  {t('trainTokenizer')}
                </LinkButton>
                <Button
                  variant="primary"
                  icon={Sprout}
                  onClick={() => void navigate({ to: '/new-model', search: { dataset: name } })}
                >
                  {t('newModel')}
                </Button>
              </>
            )}
            <Menu
              align="end"
              trigger={<IconButton icon={EllipsisVertical} size="medium" label={t('moreFor', { name })} />}
              entries={[
                ...(textsDeletedAt === undefined
                  ? [
                      ...datasetExportFormats.map((format) => ({
                        label: t('exportAs', { format: t(`format_${format}`) }),
                        icon: Download,
                        onSelect: () => save.mutate({ name, format }),
                      })),
                      { label: t('deleteTexts'), icon: FileX, onSelect: () => setDeleting('texts') },
                    ]
                  : []),
                { label: t('delete'), icon: Trash2, danger: true, onSelect: () => setDeleting('dataset') },
              ]}
            />
          </>
        }
      >
        <ImportJobs {...jobs} about={name} />
        {recipe.error !== null && (
          <ErrorNotice
            error={recipe.error}
            actions={
              <Button size="small" onClick={recipe.reload}>
                {t('conflictReload')}
              </Button>
            }
          />
        )}
        {textsDeletedAt !== undefined ? (
          <EmptyState
            icon={FileX}
            title={t('textsDeletedTitle', { when: formatMoment(textsDeletedAt) })}
            text={t('textsDeletedText')}
            actions={<ChooseIncoming onIncoming={bring} />}
          />
        ) : (
          <Prepared name={name}>
            <Tabs<DatasetView>
              label={t('views')}
              className="flex-1"
              value={view}
              onChange={(next) => onSearch({ view: next, document: undefined, step: undefined })}
              tabs={[
                {
                  value: 'documents',
                  label: t('viewDocuments'),
                  content: <DocumentsView {...shared} document={document} step={step} onSearch={onSearch} />,
                },
                {
                  value: 'statistics',
                  label: t('viewStatistics'),
                  content: <StatisticsView {...shared} />,
                },
                {
                  value: 'recipe',
                  label: t('viewRecipe'),
                  content: <RecipeView {...shared} onSearch={onSearch} />,
                },
                {
                  value: 'sources',
                  label: t('viewSources'),
                  content: <SourcesView {...shared} sources={details.sources} onIncoming={bring} />,
                },
              ]}
            />
          </Prepared>
        )}
        {deleting === 'texts' && <DeleteTexts name={name} onClose={() => setDeleting(undefined)} />}
        {deleting === 'dataset' && (
          <DeleteDataset
            name={name}
            onTexts={textsDeletedAt === undefined ? () => setDeleting('texts') : undefined}
            onClose={() => setDeleting(undefined)}
            onDeleted={() => void navigate({ to: '/data', search: {} })}
          />
        )}
      </Page>
    </DropArea>
  );
}

/** Shows how far the studio is with reading the documents, and then what is in it. */
function Prepared({
  name,
  children,
}: {
  readonly name: string;
  readonly children: JSX.Element;
}): JSX.Element {
  const prepared = useQuery(api.datasets.prepare.queryOptions({ input: { name } }));
  const job = prepared.data?.job ?? undefined;
  const progress = useQuery(
    api.jobs.show.queryOptions({ input: { id: job ?? 1 }, enabled: job !== undefined }),
  );
  const working = job !== undefined && progress.data?.status === 'running';
  const failed = job !== undefined && progress.data?.status === 'failed';
  if (prepared.error !== null)
    return <ErrorNotice error={prepared.error} onRetry={() => void prepared.refetch()} />;
  if (failed) return <ErrorNotice error={progress.data?.error} onRetry={() => void prepared.refetch()} />;
  if (prepared.isPending || (job !== undefined && progress.isPending)) return <Loading />;
  if (working && job !== undefined)
    return (
      <div className="mx-auto w-full max-w-xl py-16">
        <JobProgress job={job} />
      </div>
    );
  return children;
}
