import { Notification, powerSaveBlocker, type BrowserWindow } from 'electron';
import type { Studio } from '../../studio/studio.ts';
import { createWorkWatch, type WatchedJob, type WorkState } from './work-watch.ts';
import { words } from './words.ts';

/** How often the work under way is looked at, in milliseconds. */
const lookInterval = 1000;
/** What Electron takes for a progress bar without an end in sight, and for none. */
const indeterminate = 2;
const none = -1;

export interface ShowWorkOptions {
  readonly studio: Studio;
  readonly window: () => BrowserWindow | undefined;
  /** The person clicked on the notification of a run's end. */
  readonly onRunChosen: (ended: WatchedJob) => void;
  /** Told after each look. */
  readonly onLook: (state: WorkState) => void;
}

/**
 * Shows training in the dock or taskbar, keeps the machine from going to sleep meanwhile, and tells when a run has ended.
 * @returns ends it
 */
export function showWork({ studio, window, onRunChosen, onLook }: ShowWorkOptions): () => void {
  const watch = createWorkWatch(studio);
  let blocker: number | undefined;
  let shown = none;
  // A notification that nothing refers to can be collected before it is clicked.
  const notifications = new Set<Notification>();

  const keepAwake = (wanted: boolean): void => {
    if (wanted && blocker === undefined) blocker = powerSaveBlocker.start('prevent-app-suspension');
    else if (!wanted && blocker !== undefined) {
      powerSaveBlocker.stop(blocker);
      blocker = undefined;
    }
  };
  const showProgress = (value: number): void => {
    const own = window();
    if (own === undefined || own.isDestroyed() || value === shown) return;
    own.setProgressBar(value, { mode: modeOf(value) });
    shown = value;
  };
  const tell = (ended: WatchedJob): void => {
    if (!Notification.isSupported() || window()?.isFocused() === true) return;
    const { job } = ended;
    const run = job.subject?.name ?? job.title;
    const failed = job.status === 'failed';
    const notification = new Notification({
      title: failed ? words.runFailed(run) : words.runEnded(run),
      body: failed ? (job.error?.what ?? '') : [...job.notices, words.runEndedText].join(' '),
    });
    notifications.add(notification);
    notification.on('click', () => onRunChosen(ended));
    notification.on('close', () => notifications.delete(notification));
    notification.show();
  };

  const look = (): void => {
    const state = watch.look();
    keepAwake(state.isTraining);
    showProgress(state.isTraining ? (state.trainingProgress ?? indeterminate) : none);
    for (const ended of state.endedRuns) tell(ended);
    onLook(state);
  };
  const timer = setInterval(look, lookInterval);
  return () => {
    clearInterval(timer);
    keepAwake(false);
  };
}

function modeOf(value: number): 'none' | 'normal' | 'indeterminate' {
  if (value === none) return 'none';
  return value === indeterminate ? 'indeterminate' : 'normal';
}
