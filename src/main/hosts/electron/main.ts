import { join, resolve } from 'node:path';
import { app, Menu, powerMonitor, protocol, session, shell, type BrowserWindow } from 'electron';
import { bridgeChannels } from '../../../shared/bridge.ts';
import { keepFilesPrivate } from '../../studio/file-permissions.ts';
import { openLog } from '../../studio/log.ts';
import { listRecentProjects } from '../../studio/projects/recent-projects.ts';
import { userFolder } from '../../studio/settings/user-folder.ts';
import { endProcessAfter, processDeadline, workDeadline } from '../../studio/processes/deadlines.ts';
import { createStudio } from '../../studio/studio.ts';
import { loamVersion } from '../../studio/version.ts';
import { appScheme, createPageServer } from './app-protocol.ts';
import { projectOfCommandLine } from './command-line.ts';
import { createShutdown } from './shutdown.ts';
import { applicationMenu, type MenuActions } from './menu.ts';
import { answerPageRequests, chooseFolder } from './page-requests.ts';
import { mostRecent, showRecentProjects } from './recent-documents.ts';
import { refuseCertificates, restrictContents, restrictSession, stayOffline } from './restrictions.ts';
import { showWork } from './show-work.ts';
import { bringToFront, goToScreen, openStudioWindow } from './studio-window.ts';
import { tellDefects } from './tell-defects.ts';
import { createUtilityLauncher } from './utility-launcher.ts';
import { words } from './words.ts';

keepFilesPrivate();
const home = userFolder();
const log = openLog(join(home, 'logs', 'loam.jsonl'));

// ONNX Runtime reads this once, when its library is loaded; workers inherit it.
process.env.ORT_DISABLE_TELEMETRY = '1';
app.setName(words.application);
app.setAboutPanelOptions({ applicationName: words.application, applicationVersion: loamVersion });
app.setPath('userData', join(home, 'window'));
app.enableSandbox();
stayOffline();
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);
tellDefects(log);

const named = projectOfCommandLine(process.argv, process.cwd());
// Electron is ready only once this module has been evaluated: nothing may be awaited here.
if (app.requestSingleInstanceLock({ project: named })) void start();
// The first instance was told what this one was started for.
else app.quit();

async function start(): Promise<void> {
  await app.whenReady();
  await openStudio();
}

async function openStudio(): Promise<void> {
  const recentProjects = async () =>
    (await listRecentProjects()).filter(({ present }) => present).slice(0, mostRecent);
  const startProject = named ?? (await recentProjects())[0]?.folder;
  const studio = createStudio({
    launcher: createUtilityLauncher(import.meta.dirname),
    ...(startProject === undefined ? {} : { startProject }),
  });

  let window: BrowserWindow | undefined;
  const ownWindow = (): BrowserWindow | undefined => window;
  const shutdown = createShutdown({ studio, window: ownWindow, quit: () => app.quit(), log });
  const show = (): void => {
    shutdown.cameBack();
    if (window !== undefined) bringToFront(window);
  };
  const openProject = (folder: string): void => {
    show();
    window?.webContents.send(bridgeChannels.openProject, resolve(folder));
  };
  const chooseProject = async (): Promise<void> => {
    const folder = window === undefined ? undefined : await chooseFolder(window, words.openProject);
    if (folder !== undefined) openProject(folder);
  };
  const actions: MenuActions = {
    goTo: (path) => {
      show();
      if (window !== undefined) goToScreen(window, path);
    },
    chooseProject: () => {
      show();
      void chooseProject();
    },
    openProject,
    showLog: () => shell.showItemInFolder(log.file),
  };
  const showRecent = async (): Promise<void> => {
    const recent = await recentProjects();
    const { platform } = process;
    const developerTools = !app.isPackaged;
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(applicationMenu({ platform, recent, developerTools, actions })),
    );
    showRecentProjects(recent, actions);
  };

  restrictSession(session.defaultSession);
  refuseCertificates();
  app.on('web-contents-created', (_event, contents) => restrictContents(contents));
  protocol.handle(appScheme, createPageServer(join(import.meta.dirname, '../renderer')));
  answerPageRequests({
    window: ownWindow,
    context: { studio },
    onAnswered: ([noun, procedure]) => {
      if (noun === 'projects' && procedure !== 'recent' && procedure !== 'places') void showRecent();
    },
  });

  app.on('second-instance', (_event, argv, workingDirectory, data) => {
    const folder = givenProject(data) ?? projectOfCommandLine(argv, workingDirectory);
    if (folder === undefined) show();
    else openProject(folder);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openProject(projectOfCommandLine(['', path], '/') ?? path);
  });
  app.on('activate', show);
  app.on('before-quit', (event) => {
    if (!shutdown.mayQuit()) event.preventDefault();
  });
  app.on('window-all-closed', () => app.quit());
  // Electron gives the event, which its types leave out: the system waits only where a run has a checkpoint to save.
  const onShutdown = (event: Pick<Event, 'preventDefault'>): void => {
    if (shutdown.quitAtOnce()) event.preventDefault();
  };
  powerMonitor.on('shutdown', onShutdown as () => void);
  // Electron would quit as if a person had asked, and ask her.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      shutdown.quitAtOnce({ within: workDeadline });
      endProcessAfter(processDeadline);
    });

  await showRecent();
  window = openStudioWindow({
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    userFolder: home,
    log,
  });
  const opened = window;
  opened.on('close', (event) => {
    // On a Mac an application stays when its window is closed; elsewhere it ends with it.
    const stays = process.platform === 'darwin' && !shutdown.isEnding();
    if (stays) opened.hide();
    if (stays || !shutdown.mayClose()) event.preventDefault();
  });
  opened.on('closed', () => {
    window = undefined;
  });
  opened.on('session-end', () => void shutdown.quitAtOnce());
  showWork({
    studio,
    window: ownWindow,
    onRunChosen: ({ job, project }) => {
      openProject(project);
      if (job.subject?.noun === 'run') actions.goTo(`/runs/${encodeURIComponent(job.subject.name)}`);
    },
    onLook: ({ active }) => {
      if (shutdown.isInBackground() && active.length === 0) shutdown.quitAtOnce();
    },
  });
}

/** The project that a second start was given, as it tells the first. */
function givenProject(data: unknown): string | undefined {
  return typeof data === 'object' && data !== null && 'project' in data && typeof data.project === 'string'
    ? data.project
    : undefined;
}
