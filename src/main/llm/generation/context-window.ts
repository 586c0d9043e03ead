/**
 * A text may grow longer than the model's context. Then the model forgets the older half: the last half of the context
 * is computed anew and the text goes on from there, so that most tokens still cost one step of the model. Prompts that
 * are too long begin in the same way.
 */

/** The most tokens that a model remembers unless more is asked for: its cache takes memory. */
const usualLimit = 4096;

/** How many tokens of a text a model sees at most. */
export function rememberedTokens(contextLength: number, limit = usualLimit): number {
  return Math.min(limit, contextLength);
}

/** Which tokens of a text the model sees, and how many of them are in its cache already. */
export interface ContextWindow {
  /** Index of the first token that the model sees. */
  readonly start: number;
  /** Tokens from `start` on that are in the cache. */
  readonly cached: number;
}

/** A window over nothing, before the first run. */
export const emptyWindow: ContextWindow = { start: 0, cached: 0 };

/**
 * The window in which the model shall see a text of `length` tokens.
 * @param limit tokens that the model sees at most
 * @returns the same start with its cache where the text still fits; else a later start with an empty cache
 */
export function moveWindow(window: ContextWindow, length: number, limit: number): ContextWindow {
  if (length - window.start <= limit) return window;
  return { start: length - Math.max(1, Math.floor(limit / 2)), cached: 0 };
}
