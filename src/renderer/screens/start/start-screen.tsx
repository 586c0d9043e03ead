import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { FolderPlus, Sprout } from 'lucide-react';
import { useEffect, useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { toast } from '../../components/toast.tsx';
import { NewProjectDialog } from './new-project-dialog.tsx';
import { RecentProjects } from './recent-projects.tsx';
import { useShowProject } from './use-open-project.ts';

const route = getRouteApi('/');

export interface StartScreenProps {
  /** It stands in for a screen that needs a project, which is shown as soon as one is open. */
  readonly stay?: boolean;
}

/** What Loam is; the projects that there are, and how to begin one. */
export function StartScreen({ stay = false }: StartScreenProps): JSX.Element {
  const { t } = useTranslation('start');
  const navigate = route.useNavigate();
  const recent = useQuery(api.projects.recent.queryOptions());
  const show = useShowProject(stay);
  const [making, setMaking] = useState(false);
  const sample = useMutation(
    api.projects.createSample.mutationOptions({
      onSuccess: (project) => {
        show(project);
        toast({ title: t('sampleStarted'), text: t('sampleStartedText'), tone: 'success' });
      },
    }),
  );
  const isFirst = (recent.data ?? []).length === 0;

  useEffect(() => {
    document.title = `${t('title')} – Loam`;
  }, [t]);

  return (
    <div className="mx-auto flex min-h-full max-w-5xl flex-col gap-6 px-6 py-10">
      {!stay && <NewBySearch open={() => setMaking(true)} />}
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">{t('welcome')}</h1>
        <p className="mt-2 max-w-3xl text-lg text-ink-soft">{t('lead')}</p>
      </header>
      <ErrorNotice error={sample.error} onRetry={() => sample.mutate(undefined)} />
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Choice
          icon={<Sprout aria-hidden className="size-5" />}
          title={t('sampleTitle')}
          text={t('sampleText')}
          action={
            <Button
              variant={isFirst ? 'primary' : 'secondary'}
              busy={sample.isPending}
              onClick={() => sample.mutate(undefined)}
            >
              {t(isFirst ? 'sampleOpen' : 'sampleAgain')}
            </Button>
          }
        />
        <Choice
          icon={<FolderPlus aria-hidden className="size-5" />}
          title={t('newTitle')}
          text={t('newText')}
          action={
            <Button variant={isFirst ? 'secondary' : 'primary'} onClick={() => setMaking(true)}>
              {t('newOpen')}
            </Button>
          }
        />
      </div>
      <RecentProjects stay={stay} />
      <NewProjectDialog
        open={making}
        onOpenChange={(open) => {
          setMaking(open);
          if (!open && !stay) void navigate({ search: {}, replace: true });
        }}
        onCreated={show}
      />
    </div>
  );
}

/** Opens the dialog where the address asks for it. */
function NewBySearch({ open }: { readonly open: () => void }): null {
  const { new: wanted } = route.useSearch();
  useEffect(() => {
    if (wanted === true) open();
    // Only the address's change opens it.
  }, [wanted]);
  return null;
}

interface ChoiceProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly action: ReactNode;
}

function Choice({ icon, title, text, action }: ChoiceProps): JSX.Element {
  return (
    <section className="flex flex-col rounded-xl border border-line bg-surface p-5 shadow-card">
      <span className="mb-3 flex size-10 items-center justify-center rounded-lg bg-accent-soft text-accent-text">
        {icon}
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="mt-1 mb-5 flex-1 text-ink-soft">{text}</p>
      <div>{action}</div>
    </section>
  );
}
