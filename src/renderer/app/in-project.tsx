import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Loading } from '../components/loading.tsx';
import { Page } from '../components/page.tsx';
import { api } from '../client/client.ts';
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

function Opened({ folder }: { readonly folder: string }): JSX.Element {
  const { t } = useTranslation('shell');
  const { error, isPending, refetch } = useQuery(api.projects.open.queryOptions({ input: { folder } }));
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
