import type { MenuItemConstructorOptions } from 'electron';
import { words } from './words.ts';

/** What the menu's entries do. */
export interface MenuActions {
  /** Goes to a screen: `/data`. */
  goTo(path: string): void;
  chooseProject(): void;
  openProject(folder: string): void;
  showLog(): void;
}

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly recent: readonly { readonly name: string; readonly folder: string }[];
  /** Whether Chromium's tools for developers are offered. */
  readonly developerTools: boolean;
  readonly actions: MenuActions;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The screens in the menu's order, each with its address; the first nine have a number as shortcut. */
const screens = [
  ['data', '/data'],
  ['tokenizers', '/tokenizers'],
  ['newModel', '/new-model'],
  ['runs', '/runs'],
  ['models', '/models'],
  ['write', '/write'],
  ['evaluate', '/evaluate'],
  ['export', '/export'],
  ['activity', '/activity'],
  ['compare', '/compare'],
  ['hardware', '/hardware'],
] as const;

/** The application's menu, in the places and with the shortcuts that are usual on the system. */
export function applicationMenu(options: MenuOptions): MenuItemConstructorOptions[] {
  const { platform, developerTools, actions } = options;
  const { menu } = words;
  const isMac = platform === 'darwin';
  const settings: MenuItemConstructorOptions = {
    label: menu.settings,
    accelerator: 'CmdOrCtrl+,',
    click: () => actions.goTo('/settings'),
  };
  return [
    ...(isMac ? [macApplicationMenu(settings)] : []),
    {
      label: menu.file,
      submenu: [
        { label: menu.newProject, accelerator: 'CmdOrCtrl+N', click: () => actions.goTo('/?new=true') },
        { label: menu.openProject, accelerator: 'CmdOrCtrl+O', click: () => actions.chooseProject() },
        { label: menu.openRecent, submenu: recentMenu(options) },
        separator,
        ...(isMac ? [] : [settings, separator]),
        { role: 'close', label: menu.closeWindow },
        ...(isMac ? [] : ([{ role: 'quit', label: menu.exit }] as const)),
      ],
    },
    {
      label: menu.edit,
      submenu: [
        { role: 'undo', label: menu.undo },
        { role: 'redo', label: menu.redo },
        separator,
        { role: 'cut', label: menu.cut },
        { role: 'copy', label: menu.copy },
        { role: 'paste', label: menu.paste },
        { role: 'pasteAndMatchStyle', label: menu.pasteText },
        { role: 'selectAll', label: menu.selectAll },
      ],
    },
    {
      label: menu.go,
      submenu: screens.map(([name, path], index) => ({
        label: menu[name],
        ...(index < 9 ? { accelerator: `CmdOrCtrl+${index + 1}` } : {}),
        click: () => actions.goTo(path),
      })),
    },
    {
      label: menu.view,
      submenu: [
        { role: 'reload', label: menu.reload },
        separator,
        { role: 'resetZoom', label: menu.actualSize },
        { role: 'zoomIn', label: menu.zoomIn },
        { role: 'zoomOut', label: menu.zoomOut },
        separator,
        { role: 'togglefullscreen', label: menu.fullScreen },
        ...(developerTools ? ([{ role: 'toggleDevTools', label: menu.developerTools }] as const) : []),
      ],
    },
    {
      label: menu.window,
      role: 'window',
      submenu: [
        { role: 'minimize', label: menu.minimize },
        ...(isMac
          ? ([
              { role: 'zoom', label: menu.zoom },
              separator,
              { role: 'front', label: menu.bringToFront },
            ] as const)
          : []),
      ],
    },
    {
      label: menu.help,
      role: 'help',
      submenu: [
        { label: menu.showLog, click: () => actions.showLog() },
        ...(isMac ? [] : ([{ role: 'about', label: menu.about }] as const)),
      ],
    },
  ];
}

function macApplicationMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  const { menu } = words;
  return {
    label: words.application,
    submenu: [
      { role: 'about', label: menu.about },
      separator,
      settings,
      separator,
      { role: 'services', label: menu.services },
      separator,
      { role: 'hide', label: menu.hide },
      { role: 'hideOthers', label: menu.hideOthers },
      { role: 'unhide', label: menu.showAll },
      separator,
      { role: 'quit', label: menu.quit },
    ],
  };
}

/** The projects that were opened last; also the menu of the icon in the dock. */
export function recentMenu({
  recent,
  actions,
}: Pick<MenuOptions, 'recent' | 'actions'>): MenuItemConstructorOptions[] {
  if (recent.length === 0) return [{ label: words.menu.noRecent, enabled: false }];
  return recent.map(({ name, folder }) => ({
    // An ampersand would be taken for the mark of a key.
    label: `${name.replaceAll('&', '&&')} — ${folder.replaceAll('&', '&&')}`,
    click: () => actions.openProject(folder),
  }));
}
