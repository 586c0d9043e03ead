import { LoamError } from '../../../shared/errors.ts';
import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { PlannedRun } from '../../../shared/runs/creation-contract.ts';
import type { EstimateAnswer } from '../../../shared/runs/estimate.ts';
import type { Project } from '../projects/projects.ts';
import { estimateRun } from './estimate-run.ts';
import { resolveWritten } from './resolve-written.ts';

/**
 * Holds a planned run against its text and the machine.
 * @throws LoamError that names the first setting at fault and the way out; nothing was done by then.
 */
export async function planRun(
  project: Project,
  plan: PlannedRun,
): Promise<{ readonly configuration: RunConfiguration; readonly answer: EstimateAnswer }> {
  const answer = await estimateRun(project, plan);
  const refused = answer.issues.find(({ severity }) => severity === 'error');
  if (refused !== undefined)
    throw new LoamError({
      kind: 'misuse',
      where: refused.path,
      what: refused.what,
      remedy: refused.remedy,
    });
  return { configuration: await resolveWritten(plan.configuration), answer };
}
