import { Link } from '@tanstack/react-router';
import { Keyboard, PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/icon-button.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { useCurrentProject } from '../client/current-project.ts';
import { commandKey, Key } from './keyboard-help.tsx';
import { toggleNavigation, useNavigationCollapsed } from './navigation-collapsed.ts';
import { destinations, elsewhere, stages, withoutProject, type DestinationName } from './navigation.ts';
import { ProjectMenu } from './project-menu.tsx';
import { RunningPanel } from './running-panel.tsx';
import { useScreenName } from './use-screen-name.ts';

export interface SideNavigationProps {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

/** The project, the screens in the three stages of building a model, and what is running now. */
export function SideNavigation({ openPalette, openHelp }: SideNavigationProps): JSX.Element {
  const { t } = useTranslation('shell');
  const collapsed = useNavigationCollapsed();
  const project = useCurrentProject();
  return (
    <nav
      aria-label={t('navigation')}
      className={`flex shrink-0 flex-col border-r border-line bg-sunken ${collapsed ? 'w-14' : 'w-58'}`}
    >
      <div className="p-2">
        <ProjectMenu collapsed={collapsed} />
      </div>
      <div className="px-2 pb-1">
        {collapsed ? (
          <IconButton
            icon={Search}
            label={`${t('search')} (${commandKey} K)`}
            size="medium"
            className="w-full"
            onClick={openPalette}
          />
        ) : (
          <button
            type="button"
            onClick={openPalette}
            className="flex h-8 w-full items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-sm text-ink-faint hover:border-line-strong hover:text-ink"
          >
            <Search aria-hidden className="size-4" />
            <span className="flex-1 text-left">{t('search')}</span>
            <span aria-hidden className="flex gap-0.5">
              <Key>{commandKey}</Key>
              <Key>K</Key>
            </span>
          </button>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pt-1.5 pb-2">
        {project !== undefined &&
          stages.map(({ name, screens }, index) => (
            <Group key={name} number={index + 1} title={t(name)} screens={screens} collapsed={collapsed} />
          ))}
      </div>
      {project !== undefined && <RunningPanel collapsed={collapsed} />}
      <div className="border-t border-line p-2">
        <ul className="flex flex-col gap-px">
          {elsewhere
            .filter((screen) => project !== undefined || withoutProject.has(screen))
            .map((screen) => (
              <Destination key={screen} screen={screen} collapsed={collapsed} />
            ))}
        </ul>
        <div className={`mt-1 flex gap-1 ${collapsed ? 'flex-col items-center' : 'justify-between'}`}>
          <IconButton
            icon={collapsed ? PanelLeftOpen : PanelLeftClose}
            label={`${collapsed ? t('expand') : t('collapse')} ([)`}
            onClick={toggleNavigation}
          />
          <IconButton icon={Keyboard} label={`${t('keyboard')} (?)`} onClick={openHelp} />
        </div>
      </div>
    </nav>
  );
}

interface GroupProps {
  readonly number: number;
  readonly title: string;
  readonly screens: readonly DestinationName[];
  readonly collapsed: boolean;
}

function Group({ number, title, screens, collapsed }: GroupProps): JSX.Element {
  const id = `stage-${number}`;
  return (
    <section aria-labelledby={id} className="mt-3 first:mt-1">
      <h2
        id={id}
        className={`flex items-center gap-1.5 px-2 pb-1 text-xs font-semibold text-ink-faint ${collapsed ? 'justify-center' : ''}`}
      >
        <span
          aria-hidden
          className="figures flex size-4 items-center justify-center rounded-full bg-line text-[0.6875rem] leading-none text-ink-soft"
        >
          {number}
        </span>
        <span className={collapsed ? 'sr-only' : ''}>{title}</span>
      </h2>
      <ul className="flex flex-col gap-px">
        {screens.map((screen) => (
          <Destination key={screen} screen={screen} collapsed={collapsed} />
        ))}
      </ul>
    </section>
  );
}

function Destination({
  screen,
  collapsed,
}: {
  readonly screen: DestinationName;
  readonly collapsed: boolean;
}): JSX.Element {
  const name = useScreenName()(screen);
  const { to, icon: Icon } = destinations[screen];
  const link = (
    <Link
      to={to}
      aria-label={collapsed ? name : undefined}
      className={`flex h-8 items-center gap-2.5 rounded-md px-2 text-ink-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-text ${collapsed ? 'justify-center' : ''}`}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      {!collapsed && <span className="truncate">{name}</span>}
    </Link>
  );
  return (
    <li>
      {collapsed ? (
        <Tooltip text={name} side="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </li>
  );
}
