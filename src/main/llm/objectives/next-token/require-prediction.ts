import { LoamError } from '../../../../shared/errors.ts';

/** @throws LoamError for a text in which nothing can be predicted: one of fewer than two tokens */
export function requirePrediction({ tokens }: { readonly tokens: number }): void {
  if (tokens >= 2) return;
  throw new LoamError({
    kind: 'input',
    what: `The text to evaluate on has ${tokens} tokens; at least two are needed.`,
    remedy: 'Use more text, or keep a larger share of it aside for validation.',
  });
}
