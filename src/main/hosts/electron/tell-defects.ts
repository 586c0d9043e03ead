import { app, dialog } from 'electron';
import type { Log } from '../../studio/log.ts';
import { words } from './words.ts';

/**
 * Writes what nobody caught into the log, with its stack, and says so in words, once: Electron would show the stack itself
 * in a box, for each.
 */
export function tellDefects(log: Log): void {
  let told = false;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log.error(error);
      if (told) return;
      told = true;
      dialog.showErrorBox(words.defect.title, words.defect.text(log.file));
    });
  // Processes of Chromium's own, such as the one that draws: it starts them anew by itself.
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) => {
    if (reason !== 'clean-exit' && reason !== 'killed')
      log.error(new Error(`The process ${serviceName ?? type} ended: ${reason}`), { exitCode });
  });
}
