import { LoamError } from '../../../shared/errors.ts';

/**
 * Why work is to stop: somebody asked for it, or the process that asked for the work is gone (or this one is being ended
 * by the system).
 */
export type StopReason = 'requested' | 'abandoned';

/** The reason with which a signal aborts. Code that throws the signal's reason thus throws an error for a person. */
export class StopRequest extends LoamError {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super({
      kind: 'interrupted',
      what:
        reason === 'requested'
          ? 'The work was stopped.'
          : 'The work was stopped because the program that asked for it is gone.',
      remedy: 'Start it again when you like; nothing that was saved is lost.',
    });
    this.reason = reason;
  }
}

/** Why a signal was aborted. */
export function stopReason(signal: AbortSignal): StopReason {
  return signal.reason instanceof StopRequest ? signal.reason.reason : 'requested';
}
