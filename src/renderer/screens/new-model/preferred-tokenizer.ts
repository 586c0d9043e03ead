import { settingAt } from '../../../shared/runs/configuration-issue.ts';
import type { TokenizerSummary } from '../../../shared/tokenizers/tokenizer.ts';
import { presetNamed, type Plan } from './plan.ts';

/**
 * The tokenizer that a person who learnt one from this very text most likely means: the newest. None where the plan asks for
 * another kind, or for a vocabulary of a person's own size.
 */
function preferredTokenizer(
  { dataset, preset, configuration }: Plan,
  tokenizers: readonly TokenizerSummary[],
): string | undefined {
  if (dataset === undefined || settingAt(configuration, 'tokenizer.kind') === 'char') return undefined;
  const size = (of: unknown) => settingAt(of, 'tokenizer.vocabularySize');
  if (size(configuration) !== size(presetNamed(preset).configuration)) return undefined;
  const [newest] = tokenizers
    .filter((tokenizer) => tokenizer.kind === 'bpe' && tokenizer.dataset === dataset)
    .toSorted((one, other) => other.createdAt.localeCompare(one.createdAt));
  return newest?.name;
}

/** The plan with the tokenizer that is likely meant, until a person chooses one. */
export function withPreferredTokenizer(plan: Plan, tokenizers: readonly TokenizerSummary[]): Plan {
  // A model brings its own.
  if (plan.start !== undefined) return plan;
  if (plan.tokenizerChosen === true || plan.tokenizer !== undefined) return plan;
  const tokenizer = preferredTokenizer(plan, tokenizers);
  return tokenizer === undefined ? plan : { ...plan, tokenizer };
}
