/** What may be shown after a piece of text came in. */
export interface StopProgress {
  /** Text that is certain to come before any stop string. */
  readonly text: string;
  /** A stop string has come; what follows it, and it itself, is not shown. */
  readonly stopped: boolean;
}

/** Watches text that comes in pieces for stop strings, wherever the pieces' borders are. */
export interface StopDetector {
  push(piece: string): StopProgress;
  /** The text that was held back because it might have become a stop string. */
  finish(): string;
}

/** Length of the longest end of `text` that is the beginning of a stop string, but not the whole of it. */
function heldBackLength(text: string, stops: readonly string[]): number {
  const longest = stops.reduce((length, stop) => Math.max(length, stop.length - 1), 0);
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(text.length - length);
    if (stops.some((stop) => stop.length > length && stop.startsWith(end))) return length;
  }
  return 0;
}

/**
 * Where the stop string begins that is complete first, or −1. First by its end, so that the result does not depend on
 * the pieces in which the text came.
 */
function firstStop(text: string, stops: readonly string[]): number {
  const matches = stops
    .map((stop) => ({ begin: text.indexOf(stop), length: stop.length }))
    .filter(({ begin }) => begin >= 0)
    .sort((a, b) => a.begin + a.length - (b.begin + b.length) || a.begin - b.begin);
  return matches[0]?.begin ?? -1;
}

/** A detector for some stop strings; empty ones are ignored. */
export function createStopDetector(stops: readonly string[]): StopDetector {
  const wanted = stops.filter((stop) => stop.length > 0);
  let held = '';
  let stopped = false;
  return {
    push: (piece) => {
      if (stopped) return { text: '', stopped };
      const text = held + piece;
      const place = firstStop(text, wanted);
      if (place >= 0) {
        stopped = true;
        held = '';
        return { text: text.slice(0, place), stopped };
      }
      const shown = text.length - heldBackLength(text, wanted);
      held = text.slice(shown);
      return { text: text.slice(0, shown), stopped };
    },
    finish: () => {
      const rest = held;
      held = '';
      return rest;
    },
  };
}
