import type { ConfigurationIssue, Correction } from '../runs/configuration-issue.ts';
import type { GptModelType } from './gpt-model-types.ts';

/** The settings of a model that must go together. */
export interface GptProportions {
  readonly modelType: GptModelType;
  readonly hiddenSize: number;
  readonly heads: number;
  readonly keyValueHeads?: number | undefined;
  readonly headSize?: number | undefined;
}

/** How far from a number the search for a fitting one goes. */
const searchDistance = 100_000;

/** The nearest numbers below and above that fit, nearest first. */
function nearest(start: number, highest: number, fits: (candidate: number) => boolean): readonly number[] {
  const found: number[] = [];
  for (const direction of [-1, 1])
    for (
      let candidate = Math.min(start + direction, highest), tried = 0;
      candidate >= 1 && candidate <= highest && tried < searchDistance;
      candidate += direction, tried++
    )
      if (fits(candidate)) {
        if (!found.includes(candidate)) found.push(candidate);
        break;
      }
  return found.toSorted((a, b) => Math.abs(a - start) - Math.abs(b - start));
}

/** "4 and 8" from the numbers found, lowest first. */
function listed(numbers: readonly number[]): string {
  return numbers.toSorted((a, b) => a - b).join(' and ');
}

/**
 * What of a model's settings does not go together, each with the nearest settings that do.
 * @returns nothing when a model can be made of them.
 */
export function gptIssues(model: GptProportions): readonly ConfigurationIssue[] {
  const { modelType, hiddenSize, heads, keyValueHeads, headSize } = model;
  const rotary = modelType !== 'gpt2';
  const refused = (
    rule: string,
    path: string,
    what: string,
    remedy: string,
    corrections: readonly Correction[],
  ): ConfigurationIssue => ({
    rule,
    severity: 'error',
    path: `model.${path}`,
    what,
    remedy,
    corrections: [...corrections],
  });
  const change = (label: string, path: string, value?: string | number): Correction => ({
    label,
    changes: [{ path: `model.${path}`, ...(value === undefined ? {} : { value }) }],
  });
  const withHeads = (count: number): Correction => ({
    label: count === 1 ? '1 head' : `${count} heads`,
    changes: [
      { path: 'model.heads', value: count },
      // Key-value heads that no longer divide the heads would only be the next issue.
      ...(keyValueHeads !== undefined && count % keyValueHeads !== 0
        ? [{ path: 'model.keyValueHeads' }]
        : []),
    ],
  });
  const evenHeads = (count: number) => !rotary || (hiddenSize / count) % 2 === 0;
  const found: ConfigurationIssue[] = [];

  if (headSize === undefined && hiddenSize % heads !== 0) {
    const fitting = nearest(heads, hiddenSize, (count) => hiddenSize % count === 0 && evenHeads(count));
    const unit = rotary ? 2 * heads : heads;
    const lower = Math.floor(hiddenSize / unit) * unit;
    const widths = [lower, lower + unit].filter((width) => width > 0);
    found.push(
      refused(
        'headsDivideWidth',
        'heads',
        `${heads} heads do not divide the hidden size ${hiddenSize}.`,
        fitting.length === 0
          ? `Hidden sizes that they divide: ${listed(widths)}.`
          : `The nearest that do: ${listed(fitting)}.`,
        [
          ...fitting.map(withHeads),
          ...widths.map((width) => change(`Hidden size ${width}`, 'hiddenSize', width)),
        ],
      ),
    );
  }
  if (keyValueHeads !== undefined && heads % keyValueHeads !== 0) {
    const fitting = nearest(keyValueHeads, heads, (count) => heads % count === 0);
    found.push(
      refused(
        'keyValueHeadsDivideHeads',
        'keyValueHeads',
        `${keyValueHeads} key-value heads do not divide the ${heads} heads.`,
        `The nearest that do: ${listed(fitting)}.`,
        fitting.map((count) =>
          change(count === 1 ? '1 key-value head' : `${count} key-value heads`, 'keyValueHeads', count),
        ),
      ),
    );
  }
  if (!rotary && keyValueHeads !== undefined && keyValueHeads !== heads)
    found.push(
      refused(
        'gpt2KeyValueHeads',
        'keyValueHeads',
        'A gpt2 model has as many key-value heads as heads.',
        'Use the model type llama for grouped-query attention.',
        [change('As many as heads', 'keyValueHeads'), change('Model type llama', 'modelType', 'llama')],
      ),
    );
  if (!rotary && headSize !== undefined && headSize * heads !== hiddenSize)
    found.push(
      refused(
        'gpt2HeadSize',
        'headSize',
        'In a gpt2 model, heads × head size is the hidden size.',
        `Leave the head size out, or choose a hidden size of ${headSize * heads}.`,
        [
          change('Head size from the hidden size', 'headSize'),
          change(`Hidden size ${headSize * heads}`, 'hiddenSize', headSize * heads),
        ],
      ),
    );
  if (rotary && headSize !== undefined && headSize % 2 !== 0)
    found.push(
      refused(
        'rotaryHeadSize',
        'headSize',
        'Rotary positions need an even head size.',
        `The nearest are ${listed([headSize - 1, headSize + 1].filter((size) => size > 0))}.`,
        [headSize - 1, headSize + 1]
          .filter((size) => size > 0)
          .map((size) => change(`Head size ${size}`, 'headSize', size)),
      ),
    );
  if (rotary && headSize === undefined && hiddenSize % heads === 0 && (hiddenSize / heads) % 2 !== 0) {
    const fitting = nearest(heads, hiddenSize, (count) => hiddenSize % count === 0 && evenHeads(count));
    const widths = [hiddenSize - heads, hiddenSize + heads].filter((width) => width > 0);
    found.push(
      refused(
        'rotaryHeadSize',
        'headSize',
        `Rotary positions need an even head size, and ${hiddenSize} / ${heads} is ${hiddenSize / heads}.`,
        'Change the number of heads or the hidden size.',
        [
          ...fitting.map(withHeads),
          ...widths.map((width) => change(`Hidden size ${width}`, 'hiddenSize', width)),
        ],
      ),
    );
  }
  return found;
}
