import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { useCurrentProject } from '../../client/current-project.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { Appearance } from './appearance.tsx';
import { FreeCores } from './free-cores.tsx';
import { KeptWhere } from './kept-where.tsx';
import { ProjectFiles } from './project-files.tsx';
import { ProjectsFolder } from './projects-folder.tsx';
import { UsualEngine } from './usual-engine.tsx';

/** What a person sets once for this computer, where things are kept, and what connects to what. */
export function SettingsScreen(): JSX.Element {
  const { t } = useTranslation('settings');
  const project = useCurrentProject();
  const settings = useQuery(api.settings.show.queryOptions());
  return (
    <Page title={t('title')} lead={t('lead')}>
      <div className="grid max-w-6xl grid-cols-1 items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('appearance')}>
            <Appearance />
          </Card>
          <Card title={t('training')}>
            <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} />
            {settings.isPending && <Loading />}
            {settings.data !== undefined && (
              <div className="flex flex-col gap-4">
                <FreeCores saved={settings.data.freeCores} />
                <UsualEngine saved={settings.data.engine} />
              </div>
            )}
          </Card>
          <Card title={t('folders')}>
            {settings.data !== undefined && <ProjectsFolder saved={settings.data.projectsFolder} />}
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('kept')}>
            <KeptWhere />
          </Card>
          {project !== undefined && (
            <Card title={t('files')}>
              <ProjectFiles />
            </Card>
          )}
          <Card title={t('privacy')}>
            <div className="flex items-start gap-3">
              <ShieldCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-success" />
              <div>
                <p className="font-semibold">{t('privacyTitle')}</p>
                <p className="mt-0.5 text-ink-soft">{t('privacyText')}</p>
                <h3 className="mt-3 font-medium">{t('privacyOutTitle')}</h3>
                <p className="mt-0.5 text-ink-soft">{t('privacyOutText')}</p>
                <h3 className="mt-3 font-medium">{t('privacyInTitle')}</h3>
                <p className="mt-0.5 text-ink-soft">{t('privacyInText')}</p>
              </div>
            </div>
          </Card>
        </div>
      </div>
    </Page>
  );
}
