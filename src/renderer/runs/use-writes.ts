import type { RunDetails } from '../../shared/runs/run-details.ts';
import { useObjective } from '../client/objectives.ts';

/** Whether a run's model can write text, by what it learns; taken to be so until the studio has answered. */
export function useWrites({ configuration }: Pick<RunDetails, 'configuration'>): boolean {
  return (useObjective(configuration.objective)?.task ?? 'generate') === 'generate';
}
