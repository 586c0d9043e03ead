import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Lets other programs go first while this process works. On Linux a priority belongs to a thread and new threads inherit
 * that of their maker, so the threads that are there already are told one by one.
 */
export function lowerPriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
    if (process.platform !== 'linux') return;
    for (const thread of readdirSync('/proc/self/task'))
      setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A thread that has just ended, or a system that forbids it: training goes on as it is.
  }
}
