import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Columns3, Ellipsis, Gauge, PenLine, Pencil, Trash2 } from 'lucide-react';
import { useCallback, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { api } from '../../client/client.ts';
import { formatCount, formatParameters } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { JobStatus } from '../../jobs/job-progress.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Menu } from '../../components/menu.tsx';
import { Page } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { BranchDialog, type BranchStart } from './branch-dialog.tsx';
import { CheckpointsView } from './checkpoints-view.tsx';
import { DeleteRunsDialog } from '../../runs/delete-runs-dialog.tsx';
import { LogView } from './log-view.tsx';
import { OriginView } from './origin-view.tsx';
import { DiagnosticsPanel } from './diagnostics-panel.tsx';
import { RenameDialog } from '../../runs/rename-dialog.tsx';
import { isActive, RunButtons } from '../../runs/run-buttons.tsx';
import { RunCharts } from './run-charts.tsx';
import { RunProgress, RunState } from './run-progress.tsx';
import { RunStatusBadge } from '../../runs/run-status.tsx';
import { SamplesView, SampleText, useNoSamples, useSamples } from './samples-view.tsx';
import { runViews, type RunSearch, type RunView } from './search.ts';
import { SettingsView } from './settings-view.tsx';
import { TagsAndNotes } from './tags-and-notes.tsx';
import { useDiagnostics } from './use-diagnostics.ts';
import type { StepRange } from '../../runs/use-run-metrics.ts';
import { useCompares, VerdictView } from './verdict-view.tsx';
import { useWrites } from '../../runs/use-writes.ts';

const route = getRouteApi('/project/runs/$run');

/** One run: how it does, what it wrote, what decided it, and what one can do with it. */
export function RunScreen(): JSX.Element {
  const { t } = useTranslation('run');
  const { run: name } = route.useParams();
  const { data, error } = useQuery(api.runs.show.queryOptions({ input: { name } }));
  const jobs = useQuery(api.jobs.list.queryOptions());
  const preparing = jobs.data?.find(
    ({ kind, status, subject }) =>
      kind === 'preparation' && status !== 'completed' && subject?.noun === 'run' && subject.name === name,
  );
  if (data !== undefined && error === null) return <RunPage key={name} run={data} />;
  return (
    <Page title={name} actions={<LinkButton to="/runs">{t('toRuns')}</LinkButton>}>
      {preparing === undefined ? (
        error === null ? (
          <Loading />
        ) : (
          <ErrorNotice error={error} />
        )
      ) : (
        <Card>
          <JobStatus job={preparing} />
        </Card>
      )}
    </Page>
  );
}

function RunPage({ run }: { readonly run: RunDetails }): JSX.Element {
  const { t } = useTranslation('run');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (changes: Partial<RunSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  );
  const [wanted, setWanted] = useState<StepRange>();
  const [branching, setBranching] = useState<BranchStart>();
  const [deleting, setDeleting] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const diagnostics = useDiagnostics(run.name);
  const writes = useWrites(run);
  const compares = useCompares(run);
  const last = run.checkpoints.at(-1)?.step;
  const branchStart = branching ?? (search.branch === undefined ? undefined : { step: search.branch });
  const closeBranch = (): void => {
    setBranching(undefined);
    if (search.branch !== undefined) change({ branch: undefined });
  };
  const view = search.view ?? 'charts';
  const showStep = (step: number): void => {
    const width = Math.max(50, run.step * 0.1);
    setWanted({ from: Math.max(1, step - width), to: Math.min(run.step, step + width) });
  };

  const content = (shown: RunView): JSX.Element => {
    switch (shown) {
      case 'charts':
        return (
          <div className="grid min-w-0 grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_19rem] 2xl:grid-cols-[minmax(0,1fr)_24rem]">
            <RunCharts
              run={run}
              diagnostics={diagnostics}
              axis={search.axis ?? 'step'}
              onAxis={(axis) => change({ axis })}
              wanted={wanted}
            />
            <div className="flex min-w-0 flex-col gap-4">
              <DiagnosticsPanel
                run={run}
                diagnostics={diagnostics}
                onShow={showStep}
                onBranch={setBranching}
              />
              {writes && <LatestSamples run={run} onAll={() => change({ view: 'samples' })} />}
              <TagsAndNotes run={run} />
            </div>
          </div>
        );
      case 'samples':
        return <SamplesView run={run} />;
      case 'verdict':
        return <VerdictView run={run} />;
      case 'checkpoints':
        return <CheckpointsView run={run} onBranch={(step) => setBranching({ step })} />;
      case 'log':
        return <LogView run={run.name} />;
      case 'settings':
        return <SettingsView run={run} />;
      case 'origin':
        return <OriginView run={run} />;
      default:
        return shown satisfies never;
    }
  };

  return (
    <Page
      title={run.name}
      mark={<RunStatusBadge run={run} />}
      lead={<Lead run={run} />}
      actions={
        <>
          <RunButtons
            run={run}
            engine={run.configuration.engine.name}
            onBranch={last === undefined ? undefined : () => setBranching({ step: last })}
          />
          {last !== undefined &&
            (writes ? (
              <LinkButton to="/write" search={{ checkpoint: run.name }} icon={PenLine}>
                {t('use')}
              </LinkButton>
            ) : (
              <LinkButton to="/evaluate" search={{ checkpoint: run.name }} icon={Gauge}>
                {t('measure')}
              </LinkButton>
            ))}
          <Menu
            align="end"
            trigger={<IconButton label={t('more')} icon={Ellipsis} variant="secondary" size="medium" />}
            entries={[
              {
                label: t('compare'),
                icon: Columns3,
                onSelect: () => void navigate({ to: '/compare', search: { runs: [run.name] } }),
              },
              {
                label: t('rename'),
                icon: Pencil,
                disabled: isActive(run),
                onSelect: () => setRenaming(true),
              },
              'separator',
              {
                label: t('delete'),
                icon: Trash2,
                danger: true,
                disabled: isActive(run),
                onSelect: () => setDeleting(true),
              },
            ]}
          />
        </>
      }
    >
      <RunState run={run} onBranch={setBranching} />
      <RunProgress run={run} />
      <Tabs<RunView>
        label={t('view')}
        value={view}
        onChange={(next) => change({ view: next === 'charts' ? undefined : next })}
        tabs={runViews
          .filter((each) => writes || each !== 'samples')
          .filter((each) => compares || each !== 'verdict')
          .map((value) => ({
            value,
            label: t(value),
            content: value === view ? content(value) : null,
          }))}
      />
      <BranchDialog run={run} start={branchStart} onClose={closeBranch} />
      <RenameDialog
        name={run.name}
        open={renaming}
        onOpenChange={setRenaming}
        onRenamed={(name) => void navigate({ to: '/runs/$run', params: { run: name }, replace: true })}
      />
      <DeleteRunsDialog
        names={deleting ? [run.name] : []}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate({ to: '/runs' })}
      />
    </Page>
  );
}

function Lead({ run }: { readonly run: RunDetails }): JSX.Element {
  const { t } = useTranslation('run');
  const { parent } = run;
  return (
    <>
      {t('lead', {
        parameters: formatParameters(run.parameters),
        dataset: run.dataset,
        tokenizer: run.tokenizer,
      })}
      {parent !== undefined && (
        <>
          {' · '}
          <Link to="/runs/$run" params={{ run: parent.run }} className="link">
            {t('beganWith', { run: parent.run, step: formatCount(parent.step) })}
          </Link>
        </>
      )}
    </>
  );
}

/** The newest samples, beside the charts. */
function LatestSamples({
  run,
  onAll,
}: {
  readonly run: RunDetails;
  readonly onAll: () => void;
}): JSX.Element {
  const { t } = useTranslation('run');
  const { query, samples } = useSamples(run.name, 6);
  const none = useNoSamples(run);
  return (
    <Card
      title={t('sampleLatest')}
      explain="training.sample"
      actions={
        samples.length > 1 && (
          <button type="button" className="link text-sm" onClick={onAll}>
            {t('allSamples')}
          </button>
        )
      }
    >
      {samples.length === 0 ? (
        query.isSuccess && <p className="text-ink-faint">{none}</p>
      ) : (
        <ol className="flex flex-col gap-3">
          {samples.slice(0, 2).map((sample) => (
            <li key={sample.sequence}>
              <div className="figures mb-0.5 text-sm font-medium text-ink-faint">
                {t('sampleAt', { step: formatCount(sample.step) })}
              </div>
              <SampleText sample={sample} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
