import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Columns3, Plus, X } from 'lucide-react';
import { useCallback, useMemo, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Figure, ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { api } from '../../client/client.ts';
import { useObjectives } from '../../client/objectives.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { LineKey } from '../../components/chart/chart-readout.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Menu } from '../../components/menu.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { CompareCharts } from './compare-charts.tsx';
import { Differences } from './differences.tsx';
import { FinalFigures } from './final-figures.tsx';
import { lineLook } from './line-look.ts';
import type { CompareSearch } from './search.ts';
import { usualRuns } from './usual-runs.ts';

const route = getRouteApi('/project/compare');
const mostCompared = 12;

/** Several runs side by side. */
export function CompareScreen(): JSX.Element {
  const { t } = useTranslation('compare');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (changes: Partial<CompareSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  );
  const all = useQuery(api.runs.list.queryOptions());
  const known = new Set(all.data?.map(({ name }) => name));
  const names = (search.runs ?? usualRuns(all.data ?? [])).filter(
    (name) => all.data === undefined || known.has(name),
  );
  const others = (all.data ?? []).filter(({ name }) => !names.includes(name));
  const compared = useQuery({
    ...api.runs.compare.queryOptions({ input: { names: [...names] } }),
    enabled: names.length >= 2 && names.length <= mostCompared,
    placeholderData: keepPreviousData,
  });

  const learned = new Set(compared.data?.runs.map(({ configuration }) => configuration.objective));
  const objectives = useObjectives();
  const figures = useMemo(
    () => figuresOf(objectives, learned),
    // The set is new each time, what is in it is not.
    // oxlint-disable-next-line react/exhaustive-deps
    [objectives, [...learned].join(' ')],
  );

  const add = (
    <Menu
      align="end"
      trigger={
        <Button icon={Plus} disabled={others.length === 0 || names.length >= mostCompared}>
          {t('add')}
        </Button>
      }
      entries={others.map((run) => ({
        label: run.name,
        hint: run.dataset,
        onSelect: () => change({ runs: [...names, run.name] }),
      }))}
    />
  );
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          {names.length > 0 && add}
          <LinkButton to="/runs">{t('toRuns')}</LinkButton>
        </>
      }
    >
      <ErrorNotice error={all.error ?? compared.error} />
      {all.isPending && <Loading />}
      {all.data !== undefined && names.length === 0 && (
        <Card className="flex-1">
          <EmptyState
            icon={Columns3}
            title={t('pickTitle')}
            text={t(all.data.length < 2 ? 'noRuns' : 'pickText')}
            actions={all.data.length < 2 ? <LinkButton to="/runs">{t('toRuns')}</LinkButton> : add}
          />
        </Card>
      )}
      {names.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {names.map((name, index) => (
            <li
              key={name}
              className="inline-flex h-8 items-center gap-2 rounded-full border border-line bg-surface pr-1.5 pl-3 shadow-card"
            >
              <LineKey line={lineLook(index)} />
              <span className="max-w-60 truncate font-medium">{name}</span>
              <button
                type="button"
                aria-label={t('remove', { name })}
                onClick={() => change({ runs: names.filter((each) => each !== name) })}
                className="flex size-5.5 items-center justify-center rounded-full text-ink-faint hover:bg-hover hover:text-ink"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {names.length === 1 && <Notice tone="info">{t('pickFew')}</Notice>}
      {names.length > 0 && (
        <CompareCharts
          names={names}
          figures={figures}
          curve={search.curve ?? 'validation'}
          onCurve={(curve) => change({ curve })}
          axis={search.axis ?? 'step'}
          onAxis={(axis) => change({ axis })}
        />
      )}
      {compared.data !== undefined && names.length >= 2 && (
        <>
          <Caution runs={compared.data.runs} />
          <FinalFigures runs={compared.data.runs} />
          <Differences
            names={compared.data.runs.map(({ name }) => name)}
            differences={compared.data.differences}
          />
        </>
      )}
    </Page>
  );
}

/** What runs of some objectives measure besides the loss, each figure once. */
function figuresOf(
  objectives: readonly ObjectiveDeclaration[],
  names: ReadonlySet<string>,
): readonly Figure[] {
  const figures = objectives.filter(({ name }) => names.has(name)).flatMap((each) => each.figures);
  return [...new Map(figures.map((figure) => [figure.name, figure])).values()];
}

/** Where a loss of one run says nothing about another's. */
function Caution({ runs }: { readonly runs: readonly RunDetails[] }): JSX.Element | null {
  const { t } = useTranslation('compare');
  const differ = (of: (run: RunDetails) => string): boolean => new Set(runs.map(of)).size > 1;
  if (differ(({ provenance }) => provenance.tokenizer.hash))
    return <Notice tone="warning">{t('otherTokenizer')}</Notice>;
  if (differ(({ provenance }) => provenance.tokens)) return <Notice tone="warning">{t('otherData')}</Notice>;
  return null;
}
