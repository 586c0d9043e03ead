import { currentProject, setCurrentProject } from '../client/current-project.ts';
import { router } from './routes.tsx';

/** Shows the projects that are asked for outside the page: in the desktop application's menu, by a second start of it. */
export function followDesktop(): void {
  window.loam?.onOpenProject((folder) => {
    if (folder === currentProject()) return;
    setCurrentProject(folder);
    void router.navigate({ to: '/data' });
  });
}
