import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { RunSummary } from '../../../shared/runs/run.ts';
import { tasksOf } from '../../llm/models/tasks.ts';
import { needsConversations } from '../../studio/datasets/objective-needs.ts';
import type { TrainingOutcome } from '../../studio/training/training-protocol.ts';
import { exitCodes } from './exit-codes.ts';
import { formatCount, formatLoss, shellWord } from './format.ts';

/** The exit code of the command that trained the run. */
export function exitCodeOfOutcome({ status }: TrainingOutcome): number {
  if (status === 'completed') return exitCodes.done;
  return status === 'paused' || status === 'interrupted' ? exitCodes.interrupted : exitCodes.failed;
}

/** What a run's model was trained as, and by. */
type Trained = Pick<RunConfiguration, 'model' | 'objective'>;

/** What to do with a run's model, as a command. */
export function commandToUse(name: string, { model, objective }: Trained): string {
  if (needsConversations(objective)) return `loam chat ${shellWord(name)}`;
  return tasksOf(model).includes('generate')
    ? `loam generate ${shellWord(name)} --prompt "…"`
    : `loam evaluate ${shellWord(name)} --dataset DATASET`;
}

/** How the training of a run ended, and what to do next. */
export function describeOutcome(
  { status, end, step }: TrainingOutcome,
  run: RunSummary,
  trained: Trained,
): { readonly account: string; readonly next: string } {
  const { name, bestStep } = run;
  const best =
    bestStep === undefined || bestStep === step
      ? ''
      : ` Its best checkpoint is ${name}@${bestStep}, with ${formatLoss(run.bestLoss)}.`;
  switch (status) {
    case 'completed': {
      const why =
        end === 'earlyStopped'
          ? ', as the validation loss no longer fell'
          : end === 'timeBudget'
            ? ', as its time was up'
            : '';
      return {
        account: `Run ${name} is done after ${formatCount(step)} steps${why}. Validation loss ${formatLoss(run.validationLoss)}.${best}`,
        next: `Next: ${commandToUse(name, trained)}, or loam export ${shellWord(name)} --format ${tasksOf(trained.model).includes('generate') ? 'onnx' : 'safetensors'} --out DIR`,
      };
    }
    case 'stopped':
      if (end === 'stoppedByPerson')
        return {
          account: `Run ${name} was stopped at step ${formatCount(step)} and saved.${best}`,
          next: `Next: ${commandToUse(name, trained)}, or go on after all with: loam resume ${shellWord(name)}`,
        };
      return {
        account: `Run ${name} was stopped at step ${formatCount(step)} because its loss went wild.${best}`,
        next: `Look at it with: loam runs show ${shellWord(name)}. A lower training.learningRate usually helps.`,
      };
    case 'paused':
    case 'interrupted':
      return {
        account:
          step === 0
            ? `Run ${name} was stopped before its first step.`
            : `Run ${name} was stopped at step ${formatCount(step)} and saved.`,
        next: `Go on with: loam resume ${shellWord(name)}`,
      };
    case 'failed':
    case 'queued':
    case 'running':
      return {
        account: `Run ${name} is ${status}.`,
        next: `Look at it with: loam runs show ${shellWord(name)}`,
      };
    default:
      return status satisfies never;
  }
}
