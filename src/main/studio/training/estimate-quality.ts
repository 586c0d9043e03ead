import type { QualityLevel, QualityLimit, RunEstimate } from '../../../shared/runs/estimate.ts';

/**
 * What a model of a size, after so many trained tokens, writes like. Rules of thumb from training small models on plain
 * text: below the tokens or the parameters of a level it is not reached.
 */
const levels: readonly {
  readonly level: QualityLevel;
  readonly tokens: number;
  readonly parameters: number;
}[] = [
  { level: 'passages', tokens: 1e9, parameters: 60e6 },
  { level: 'sentences', tokens: 4e7, parameters: 5e6 },
  { level: 'phrases', tokens: 4e6, parameters: 6e5 },
  { level: 'words', tokens: 4e5, parameters: 1e5 },
  { level: 'letters', tokens: 0, parameters: 0 },
];

/** A text gone through more often than this is learnt by heart rather than learnt from. */
const usefulPasses = 12;

/** Trained tokens for each parameter at which more size serves better than more training (Hoffmann et al., 2022). */
const balancedTokensPerParameter = 20;

/**
 * What to expect of a run. Passes over the text beyond the useful ones count no more: there is only so much in it.
 * @param earlierLosses measured by earlier runs on the same text with the same tokenizer
 */
export function estimateQuality(
  {
    parameters,
    trainTokens,
    trainedTokens,
  }: { readonly parameters: number; readonly trainTokens: number; readonly trainedTokens: number },
  earlierLosses: readonly { readonly run: string; readonly loss: number }[],
): NonNullable<RunEstimate['quality']> {
  const passes = trainedTokens / trainTokens;
  const useful = Math.min(trainedTokens, trainTokens * usefulPasses);
  const { level } = levels.find(
    ({ tokens, parameters: needed }) => useful >= tokens && parameters >= needed,
  ) ?? { level: 'letters' };
  const tokensPerParameter = trainedTokens / parameters;
  const losses = earlierLosses.map(({ loss }) => loss);
  return {
    level,
    limit: limitOf(passes, tokensPerParameter),
    tokensPerParameter,
    ...(losses.length === 0
      ? {}
      : {
          earlierLosses: {
            low: Math.min(...losses),
            high: Math.max(...losses),
            runs: earlierLosses.map(({ run }) => run),
          },
        }),
  };
}

function limitOf(passes: number, tokensPerParameter: number): QualityLimit {
  if (passes > usefulPasses) return 'text';
  return tokensPerParameter > balancedTokensPerParameter ? 'size' : 'budget';
}
