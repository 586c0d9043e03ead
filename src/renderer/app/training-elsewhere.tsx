import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { MiddleCut } from '../components/middle-cut.tsx';
import { api } from '../client/client.ts';
import { setCurrentProject, useCurrentProject } from '../client/current-project.ts';

/** How often it is asked what other projects do, in milliseconds: their changes are not told here. */
const interval = 5000;

/** A run that trains in another project, as that project's, with a way there: it is why things take longer here. */
export function TrainingElsewhere(): JSX.Element | null {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const project = useCurrentProject();
  const { data = [] } = useQuery({
    ...api.jobs.elsewhere.queryOptions(),
    enabled: project !== undefined,
    refetchInterval: interval,
  });
  if (data.length === 0) return null;
  return (
    <ul aria-label={t('runningElsewhere')} className="mt-2 flex flex-col gap-1">
      {data.map(({ run, project: { name, folder } }) => (
        <li key={folder}>
          <button
            type="button"
            title={t('runElsewhereOpen', { run, project: name })}
            onClick={() => {
              setCurrentProject(folder);
              void navigate({ to: '/runs/$run', params: { run } });
            }}
            className="-mx-1.5 block w-[calc(100%+0.75rem)] rounded-md px-1.5 py-1 text-left hover:bg-hover"
          >
            <span className="block text-xs text-ink-faint">{t('runningElsewhere')}</span>
            <MiddleCut text={t('runElsewhere', { run, project: name })} className="text-sm text-ink-soft" />
          </button>
        </li>
      ))}
    </ul>
  );
}
