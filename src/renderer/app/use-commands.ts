import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  ChartSpline,
  FileText,
  FolderOpen,
  FolderPlus,
  Keyboard,
  ShieldCheck,
  SunMoon,
  type LucideIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../client/client.ts';
import { setCurrentProject, useCurrentProject } from '../client/current-project.ts';
import { destinationNames, destinations, withoutProject, type DestinationName } from './navigation.ts';
import { chooseTheme, themes } from '../theme/theme.ts';
import { useScreenName } from './use-screen-name.ts';

/** Something that can be gone to or done from everywhere. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** What else it is found by: what one does there. */
  readonly words?: string;
  readonly icon: LucideIcon;
  readonly perform: () => void;
}

export interface CommandGroup {
  readonly value: string;
  readonly items: readonly Command[];
}

const featureWords = {
  data: 'wordsData',
  tokenizers: 'wordsTokenizers',
  'new-model': 'wordsNewModel',
  runs: 'wordsRuns',
  compare: 'wordsCompare',
  models: 'wordsModels',
  write: 'wordsWrite',
  evaluate: 'wordsEvaluate',
  export: 'wordsExport',
  activity: 'wordsActivity',
  hardware: 'wordsHardware',
  settings: 'wordsSettings',
} as const satisfies Record<DestinationName, string>;

/** All commands that there are now, in groups. */
export function useCommands(openHelp: () => void): readonly CommandGroup[] {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const name = useScreenName();
  const project = useCurrentProject();
  const isOpen = project !== undefined;
  const recent = useQuery(api.projects.recent.queryOptions());
  const runs = useQuery({ ...api.runs.list.queryOptions(), enabled: isOpen });
  const datasets = useQuery({ ...api.datasets.list.queryOptions(), enabled: isOpen });

  const groups: readonly CommandGroup[] = [
    {
      value: t('groupScreens'),
      items: destinationNames
        .filter((screen) => isOpen || withoutProject.has(screen))
        .map((screen) => ({
          id: screen,
          label: name(screen),
          hint: `g ${destinations[screen].key}`,
          words: t(featureWords[screen]),
          icon: destinations[screen].icon,
          perform: () => void navigate({ to: destinations[screen].to }),
        })),
    },
    {
      value: t('groupRuns'),
      items: (isOpen ? (runs.data ?? []) : []).map((run) => ({
        id: `run ${run.name}`,
        label: run.name,
        icon: ChartSpline,
        perform: () => void navigate({ to: '/runs/$run', params: { run: run.name } }),
      })),
    },
    {
      value: t('groupDatasets'),
      items: (isOpen ? (datasets.data ?? []) : []).map((dataset) => ({
        id: `dataset ${dataset.name}`,
        label: dataset.name,
        icon: FileText,
        perform: () => void navigate({ to: '/data', search: { dataset: dataset.name } }),
      })),
    },
    {
      value: t('groupProjects'),
      items: [
        ...(recent.data ?? [])
          .filter(({ folder, present }) => present && folder !== project)
          .map(({ folder, name: label }) => ({
            id: `project ${folder}`,
            label,
            hint: folder,
            icon: FolderOpen,
            perform: () => {
              setCurrentProject(folder);
              void navigate({ to: '/data' });
            },
          })),
        {
          id: 'new project',
          label: t('newProject'),
          icon: FolderPlus,
          perform: () => void navigate({ to: '/', search: { new: true } }),
        },
      ],
    },
    {
      value: t('groupActions'),
      items: [
        ...(isOpen
          ? [
              {
                id: 'check',
                label: t('checkProject'),
                words: t('wordsCheck'),
                icon: ShieldCheck,
                perform: () => void navigate({ to: '/check' }),
              },
            ]
          : []),
        ...themes.map((theme) => ({
          id: `theme ${theme}`,
          label: t('themeAction', {
            theme: t(theme === 'light' ? 'themeLight' : theme === 'dark' ? 'themeDark' : 'themeSystem'),
          }),
          icon: SunMoon,
          perform: () => chooseTheme(theme),
        })),
        { id: 'keyboard', label: t('keyboard'), hint: '?', icon: Keyboard, perform: openHelp },
      ],
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}
