import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder that holds what belongs to a person on this machine and to no project: settings, the lock that lets one run
 * train at a time, the log of commands outside a project. `LOAM_HOME` names another one.
 */
export function userFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.LOAM_HOME !== undefined && environment.LOAM_HOME !== '') return environment.LOAM_HOME;
  switch (process.platform) {
    case 'win32':
      return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Loam');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Loam');
    default:
      return join(environment.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'loam');
  }
}
