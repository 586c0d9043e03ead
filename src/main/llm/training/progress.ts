/** How many recent steps the figures look back on. */
const window = 50;

/** Speed and time left, from recent steps. The clock is read elsewhere; all times are in seconds. */
export interface ProgressMeter {
  /** @param seconds what the step took, from drawing its batch to the updated parameters */
  recordStep(seconds: number, tokens: number): void;
  /** @param seconds what evaluating `tokens` tokens took */
  recordEvaluation(seconds: number, tokens: number): void;
  /** Tokens trained on per second over the recent steps; evaluations are not counted. 0 before the first step. */
  tokensPerSecond(): number;
  /** How long evaluating so many tokens takes: from the latest evaluation, as expected before the first. */
  evaluationSeconds(tokens: number): number;
  /** An estimate: the remaining steps at the recent pace, and the evaluations that fall among them. */
  remainingSeconds(remaining: { readonly steps: number; readonly evaluationTokens: number }): number;
}

/** @param expected what the calibration measured: it counts until this session's own figures are there */
export function createProgressMeter(expected: {
  readonly secondsPerStep: number;
  readonly secondsPerEvaluatedToken?: number | undefined;
}): ProgressMeter {
  const recent: { readonly seconds: number; readonly tokens: number }[] = [];
  let secondsPerEvaluatedToken = expected.secondsPerEvaluatedToken ?? 0;
  const sum = (key: 'seconds' | 'tokens') => recent.reduce((total, step) => total + step[key], 0);
  const evaluationSeconds = (tokens: number) => secondsPerEvaluatedToken * tokens;
  return {
    recordStep(seconds, tokens) {
      recent.push({ seconds, tokens });
      if (recent.length > window) recent.shift();
    },
    recordEvaluation(seconds, tokens) {
      if (tokens > 0) secondsPerEvaluatedToken = seconds / tokens;
    },
    tokensPerSecond() {
      const seconds = sum('seconds');
      return seconds > 0 ? sum('tokens') / seconds : 0;
    },
    evaluationSeconds,
    remainingSeconds({ steps, evaluationTokens }) {
      const secondsPerStep = recent.length > 0 ? sum('seconds') / recent.length : expected.secondsPerStep;
      return steps * secondsPerStep + evaluationSeconds(evaluationTokens);
    },
  };
}
