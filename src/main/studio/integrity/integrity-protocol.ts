import type { Finding, Repair, Verification } from '../../../shared/integrity/verification.ts';
import type { VerifyProgress } from './verify-project.ts';

interface InProject {
  /** The project's folder. */
  readonly project: string;
}

/** The procedures of the process that reads whole projects. */
export type IntegrityProcedures = {
  readonly verify: {
    readonly parameters: InProject;
    readonly event: VerifyProgress;
    readonly result: Verification;
  };
  /** Makes again what can be made again of these findings. */
  readonly repair: {
    readonly parameters: InProject & { readonly findings: readonly Finding[] };
    /** What is made again now. */
    readonly event: Pick<Finding, 'what'>;
    readonly result: readonly Repair[];
  };
  /** Takes what stands in the store as right. @returns a sentence for each thing */
  readonly accept: {
    readonly parameters: InProject;
    readonly event: never;
    readonly result: readonly string[];
  };
};
