import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown, FolderOpen, FolderPlus, Sprout } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Menu, type MenuEntry } from '../components/menu.tsx';
import { api } from '../client/client.ts';
import { setCurrentProject, useCurrentProject } from '../client/current-project.ts';

const mostShown = 6;

/** A folder's last part: a project's name before it is known. */
export function folderName(folder: string): string {
  return folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder;
}

/** The project's name; opens a menu that leads to the others. */
export function ProjectMenu({ collapsed }: { readonly collapsed: boolean }): JSX.Element {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const folder = useCurrentProject();
  const recent = useQuery(api.projects.recent.queryOptions());
  const name =
    folder === undefined
      ? t('noProject')
      : (recent.data?.find((project) => project.folder === folder)?.name ?? folderName(folder));
  const others = (recent.data ?? []).filter((project) => project.present && project.folder !== folder);
  const entries: MenuEntry[] = [
    ...(others.length === 0 ? [] : [{ heading: t('switchTo') }]),
    ...others.slice(0, mostShown).map((project) => ({
      label: project.name,
      hint: project.folder,
      icon: Sprout,
      onSelect: () => {
        setCurrentProject(project.folder);
        void navigate({ to: '/data' });
      },
    })),
    ...(others.length === 0 ? [] : ['separator' as const]),
    {
      label: t('newProject'),
      icon: FolderPlus,
      onSelect: () => void navigate({ to: '/', search: { new: true } }),
    },
    { label: t('allProjects'), icon: FolderOpen, onSelect: () => void navigate({ to: '/', search: {} }) },
  ];
  return (
    <Menu
      entries={entries}
      trigger={
        <button
          type="button"
          className={`flex h-10 w-full items-center gap-2.5 rounded-md px-1.5 text-left hover:bg-hover data-[popup-open]:bg-hover ${collapsed ? 'justify-center' : ''}`}
        >
          <span className="flex size-7 shrink-0 items-center justify-center rounded-md bg-accent text-accent-ink">
            <Sprout aria-hidden className="size-4.5" />
          </span>
          {collapsed ? (
            <span className="sr-only">{name}</span>
          ) : (
            <span className="min-w-0 flex-1">
              <span className="block text-xs leading-4 text-ink-faint">Loam</span>
              <span className="block truncate leading-4.5 font-semibold">{name}</span>
            </span>
          )}
          <span className="sr-only">{t('projectMenu')}</span>
          {!collapsed && <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-faint" />}
        </button>
      }
    />
  );
}
