import type { ConfigurationIssue, SettingChange } from '../../../shared/runs/configuration-issue.ts';
import type { RunEstimate } from '../../../shared/runs/estimate.ts';
import type { StartModelCard } from '../../../shared/runs/start-model.ts';
import type { Plan } from './plan.ts';

/** What the step of the model and its parts are given. */
export interface ModelStepProps {
  readonly plan: Plan;
  readonly issues: readonly ConfigurationIssue[];
  readonly estimate: RunEstimate | undefined;
  /** Whether the person meant to go on, and something is missing or wrong. */
  readonly insists: boolean;
  /** Begins with a model, or with nothing. */
  readonly onStart: (beginsWithModel: boolean) => void;
  readonly onStartModel: (model: StartModelCard) => void;
  readonly onPreset: (name: string) => void;
  readonly onOwn: () => void;
  readonly onChange: (changes: readonly SettingChange[]) => void;
  readonly onTokenizer: (name: string | undefined, changes: readonly SettingChange[]) => void;
}
