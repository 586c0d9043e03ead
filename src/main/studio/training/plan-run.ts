import { LoamError } from '../../../shared/errors.ts';
import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { PlannedRun } from '../../../shared/runs/creation-contract.ts';
import type { Project } from '../projects/projects.ts';
import { estimateRun } from './estimate-run.ts';
import type { PlannedStart } from './planned-start.ts';
import { resolveWritten } from './resolve-written.ts';

/**
 * Holds a planned run against its text and the machine.
 * @param start the model that it begins with
 * @returns its configuration, with nothing left open
 * @throws LoamError that names the first setting at fault and the way out; nothing was done by then.
 */
export async function planRun(
  project: Project,
  plan: PlannedRun,
  start?: PlannedStart,
): Promise<RunConfiguration> {
  const { issues } = await estimateRun(project, plan, start);
  const refused = issues.find(({ severity }) => severity === 'error');
  if (refused !== undefined)
    throw new LoamError({
      kind: 'misuse',
      where: refused.path,
      what: refused.what,
      remedy: refused.remedy,
    });
  return resolveWritten(plan.configuration);
}
