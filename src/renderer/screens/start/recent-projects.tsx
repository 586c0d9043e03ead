import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FolderOpen, X } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecentProject } from '../../../shared/projects/contract.ts';
import { api } from '../../client/client.ts';
import { useCurrentProject } from '../../client/current-project.ts';
import { foreignProjectOf, TrustQuestion } from '../../projects/trust-question.tsx';
import { Ago } from '../../components/ago.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { FolderInput } from '../../components/folder-input.tsx';
import { toast, toastError } from '../../components/toast.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useOpenProject } from './use-open-project.ts';

/** From so many projects on the list can be searched. */
const worthSearching = 7;

/** The projects opened before, and a box to open another by its folder. */
export function RecentProjects({ stay }: { readonly stay: boolean }): JSX.Element {
  const { t } = useTranslation('start');
  const [search, setSearch] = useState('');
  const [folder, setFolder] = useState('');
  const recent = useQuery(api.projects.recent.queryOptions());
  const open = useOpenProject(stay);
  const all = recent.data ?? [];
  const wanted = search.trim().toLowerCase();
  const shown = all.filter(({ name, folder: place }) => `${name} ${place}`.toLowerCase().includes(wanted));
  return (
    <Card
      title={t('recent')}
      flush
      actions={
        all.length >= worthSearching && (
          <SearchInput value={search} onChange={setSearch} label={t('searchRecent')} />
        )
      }
    >
      <ErrorNotice error={recent.error} onRetry={() => void recent.refetch()} className="m-3" />
      {all.length === 0 && recent.isSuccess && <p className="px-4 py-4 text-ink-faint">{t('recentEmpty')}</p>}
      {all.length > 0 && shown.length === 0 && (
        <p className="px-4 py-4 text-ink-faint">{t('nothingMatches', { ns: 'kit' })}</p>
      )}
      <ul>
        {shown.map((project) => (
          <Row
            key={project.folder}
            project={project}
            busy={open.isPending && open.variables.folder === project.folder}
            open={() => open.mutate({ folder: project.folder })}
          />
        ))}
      </ul>
      <form
        className="flex items-center gap-2 border-t border-line bg-sunken/50 px-4 py-3 first:border-t-0"
        onSubmit={(event) => {
          event.preventDefault();
          if (folder.trim() !== '') open.mutate({ folder: folder.trim() });
        }}
      >
        <FolderOpen aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <FolderInput
          value={folder}
          onChange={setFolder}
          label={t('byFolder')}
          placeholder={t('byFolderPlaceholder')}
        />
        <Button type="submit" disabled={folder.trim() === ''} busy={open.isPending}>
          {t('open')}
        </Button>
      </form>
      {foreignProjectOf(open.error) === undefined ? (
        <ErrorNotice error={open.error} className="mx-4 mb-4" />
      ) : (
        <TrustQuestion
          error={open.error}
          className="mx-4 mb-4"
          onTrusted={(place) => open.mutate({ folder: place })}
        />
      )}
    </Card>
  );
}

interface RowProps {
  readonly project: RecentProject;
  readonly busy: boolean;
  readonly open: () => void;
}

function Row({ project, busy, open }: RowProps): JSX.Element {
  const { t } = useTranslation('start');
  const current = useCurrentProject();
  const queries = useQueryClient();
  const refresh = (): void => void queries.invalidateQueries({ queryKey: api.projects.recent.key() });
  const forget = useMutation(
    api.projects.forget.mutationOptions({
      onError: toastError,
      onSuccess: () => {
        refresh();
        toast({ title: t('forgotten', { name: project.name }), text: t('forgottenText') });
      },
    }),
  );
  return (
    <li className="group flex items-center gap-3 border-b border-line px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          {project.present ? (
            <button
              type="button"
              className="truncate rounded-sm font-medium hover:text-accent-text hover:underline"
              title={t('open')}
              onClick={open}
            >
              {project.name}
            </button>
          ) : (
            <span className="truncate font-medium">{project.name}</span>
          )}
          {project.folder === current && <Badge tone="accent">{t('isOpen')}</Badge>}
          {!project.present && (
            <Tooltip text={t('missingText')}>
              <span tabIndex={0}>
                <Badge tone="warning">{t('missing')}</Badge>
              </span>
            </Tooltip>
          )}
        </div>
        <div className="truncate text-sm text-ink-faint">{project.folder}</div>
      </div>
      <span className="hidden text-sm text-ink-faint sm:block">
        <Ago moment={project.openedAt} show={(ago) => t('openedAgo', { ago })} />
      </span>
      <Button
        size="small"
        busy={busy}
        disabled={!project.present}
        aria-label={`${t('open')}: ${project.name}`}
        onClick={open}
      >
        {t('open')}
      </Button>
      <IconButton
        icon={X}
        label={`${t('forget')}: ${project.name}`}
        onClick={() => forget.mutate({ folder: project.folder })}
      />
    </li>
  );
}
