import { withProject, type ProjectContext } from '../implement.ts';
import { findVerification } from '../../store/verifications.ts';
import type { Studio } from '../../studio.ts';
import { acceptAsJob, repairAsJob, verifyAsJob } from '../../integrity/verify-as-job.ts';

export const integrityProcedures = {
  last: withProject.integrity.last.handler(({ context }) => findVerification(context.project.store) ?? null),
  verify: withProject.integrity.verify.handler(({ context }) => ({ job: verifyAsJob(hostOf(context)) })),
  repair: withProject.integrity.repair.handler(({ context, input }) => ({
    job: repairAsJob(hostOf(context), input.checkedAt),
  })),
  accept: withProject.integrity.accept.handler(({ context, input }) => ({
    job: acceptAsJob(hostOf(context), input.checkedAt),
  })),
};

function hostOf({ project, jobs, studio }: ProjectContext & { readonly studio: Studio }) {
  return { project, jobs, launcher: studio.launcher };
}
