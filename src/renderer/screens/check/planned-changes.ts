import type { Finding } from '../../../shared/integrity/verification.ts';

/** Something that is done when a person agrees. */
export interface PlannedChange {
  readonly what: string;
  readonly does: string;
}

/** What a repair does: a folder of which several files are damaged is made again once. */
export function planRepairs(findings: readonly Finding[]): readonly PlannedChange[] {
  return distinct(
    findings.flatMap(({ what, repair }) => (repair === undefined ? [] : [{ what, does: repair.does }])),
  );
}

/** What is taken as right. */
export function planAcceptance(findings: readonly Finding[]): readonly PlannedChange[] {
  return distinct(
    findings.flatMap(({ what, detail, acceptable }) => (acceptable === true ? [{ what, does: detail }] : [])),
  );
}

function distinct(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  return [...new Map(changes.map((change) => [`${change.what} ${change.does}`, change])).values()];
}
