import { app, Menu, type JumpListItem } from 'electron';
import { words } from './words.ts';
import { recentMenu, type MenuActions } from './menu.ts';

/** How many of the projects that were opened last are offered outside the window. */
export const mostRecent = 10;

export interface RecentEntry {
  readonly name: string;
  readonly folder: string;
}

/** Offers the projects that were opened last where the system shows such: the dock's menu, the taskbar's jump list. */
export function showRecentProjects(recent: readonly RecentEntry[], actions: MenuActions): void {
  switch (process.platform) {
    case 'win32':
      app.setJumpList([
        { type: 'custom', name: words.recentProjects, items: recent.map(jumpListItem) },
        { type: 'tasks', items: [] },
      ]);
      return;
    case 'darwin':
      app.dock?.setMenu(Menu.buildFromTemplate(recentMenu({ recent, actions })));
      app.clearRecentDocuments();
      // The system puts each on top of the ones before.
      for (const { folder } of [...recent].reverse()) app.addRecentDocument(folder);
      return;
    default:
      for (const { folder } of [...recent].reverse()) app.addRecentDocument(folder);
  }
}

function jumpListItem({ name, folder }: RecentEntry): JumpListItem {
  return {
    type: 'task',
    title: name,
    description: folder,
    program: process.execPath,
    // A quotation mark cannot be part of a path on Windows.
    args: `${app.isPackaged ? '' : `"${app.getAppPath()}" `}--project "${folder}"`,
    iconPath: process.execPath,
    iconIndex: 0,
  };
}
