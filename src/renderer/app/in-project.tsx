import { queryOptions, useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Loading } from '../components/loading.tsx';
import { Page } from '../components/page.tsx';
import { setArchitectures } from '../client/architectures.ts';
import { api, client } from '../client/client.ts';
import { setCurrentProject, useCurrentProject } from '../client/current-project.ts';
import { foreignProjectOf, TrustQuestion } from '../projects/trust-question.tsx';

const StartScreen = lazy(async () => ({
  default: (await import('../screens/start/start-screen.tsx')).StartScreen,
}));

/** A screen of the project that is open; where none is, what opens one: the screen's address stays. */
export function InProject(): JSX.Element {
  const folder = useCurrentProject();
  return folder === undefined ? (
    <Suspense fallback={<Loading />}>
      <StartScreen stay />
    </Suspense>
  ) : (
    <Opened key={folder} folder={folder} />
  );
}

/** What the studio knows of models does not change while it runs. */
const architecturesQuery = queryOptions({
  queryKey: api.models.architectures.queryKey(),
  queryFn: async () => {
    const cards = await client.models.architectures();
    setArchitectures(cards);
    return cards;
  },
  staleTime: Infinity,
  gcTime: Infinity,
});

function Opened({ folder }: { readonly folder: string }): JSX.Element {
  const { t } = useTranslation('shell');
  const opened = useQuery(api.projects.open.queryOptions({ input: { folder } }));
  const declared = useQuery(architecturesQuery);
  const error = opened.error ?? declared.error;
  const isPending = opened.isPending || declared.isPending;
  const refetch = () => Promise.all([opened.refetch(), declared.refetch()]);
  if (isPending) return <Loading label={t('openingProject')} />;
  const openAnother = (
    <Button size="small" onClick={() => setCurrentProject(undefined)}>
      {t('openAnother')}
    </Button>
  );
  if (foreignProjectOf(error) !== undefined)
    return (
      <Page title={t('projectFromElsewhere')}>
        <TrustQuestion error={error} onTrusted={() => void refetch()} actions={openAnother} />
      </Page>
    );
  if (error !== null)
    return (
      <Page title={t('projectFailed')}>
        <ErrorNotice error={error} onRetry={() => void refetch()} actions={openAnother} />
      </Page>
    );
  return <Outlet />;
}
