import { dialog, type BrowserWindow } from 'electron';
import type { Log } from '../../studio/log.ts';
import type { Deadline, Studio } from '../../studio/studio.ts';
import { workUnderWay } from './work-watch.ts';
import { words } from './words.ts';

export interface ShutdownOptions {
  readonly studio: Studio;
  readonly window: () => BrowserWindow | undefined;
  readonly log: Pick<Log, 'error'>;
  /** Ends the application, after all was closed. */
  readonly quit: () => void;
}

/** What happens when the window is closed or the application is to quit. */
export interface Shutdown {
  /** The person closes the window. @returns whether it may close now */
  readonly mayClose: () => boolean;
  /** The application is to quit. @returns whether it may now */
  readonly mayQuit: () => boolean;
  /** Closes everything without asking, because the system ends, then quits. @returns whether work has to be saved first */
  readonly quitAtOnce: (deadline?: Deadline) => boolean;
  /** Whether the application is on its way out. */
  readonly isEnding: () => boolean;
  /** Whether the person chose to let work go on without the window. */
  readonly isInBackground: () => boolean;
  /** The window is shown again. */
  readonly cameBack: () => void;
}

/**
 * Asks, while work is under way, whether it is to go on without the window, and has runs save a checkpoint before the
 * application ends.
 */
export function createShutdown({ studio, window, quit, log }: ShutdownOptions): Shutdown {
  let state: 'open' | 'asking' | 'background' | 'closing' | 'closed' = 'open';

  const closeAll = async (deadline?: Deadline): Promise<void> => {
    state = 'closing';
    window()?.hide();
    try {
      await studio.close(deadline);
    } catch (error) {
      // What could not be closed must not keep the application from ending.
      log.error(error);
    } finally {
      state = 'closed';
      quit();
    }
  };
  const ask = async (active: readonly string[]): Promise<void> => {
    const before = state;
    state = 'asking';
    const own = window();
    const question = {
      type: 'question',
      message: words.closing.training(active.join(', ')),
      detail: words.closing.detail,
      buttons: [words.closing.keep, words.closing.pause, words.closing.cancel],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    } as const;
    const shown =
      own === undefined
        ? dialog.showMessageBox({ ...question, buttons: [...question.buttons] })
        : dialog.showMessageBox(own, { ...question, buttons: [...question.buttons] });
    const { response } = await shown.finally(() => {
      // The system may have ended meanwhile.
      if (state === 'asking') state = before;
    });
    if (state !== before) return;
    if (response === 0) {
      state = 'background';
      window()?.hide();
    } else if (response === 1) await closeAll();
  };
  const leave = (): boolean => {
    if (state === 'closed') return true;
    if (state === 'asking' || state === 'closing') return false;
    const active = workUnderWay(studio);
    if (active.length === 0) void closeAll();
    else ask(active).catch((error: unknown) => log.error(error));
    return false;
  };

  return {
    mayClose: leave,
    mayQuit: leave,
    quitAtOnce: (deadline) => {
      const saves = state !== 'closed' && workUnderWay(studio).length > 0;
      if (state !== 'closing' && state !== 'closed') void closeAll(deadline);
      return saves;
    },
    isEnding: () => state === 'closing' || state === 'closed',
    isInBackground: () => state === 'background',
    cameBack: () => {
      if (state === 'background') state = 'open';
    },
  };
}
