import { findBadStart, findDivergence, findStall } from './loss-diagnostics.ts';
import type { Diagnostic } from './diagnostic.ts';
import { analyseCurves, type DiagnosticInput } from './curve-analysis.ts';
import { findSlowdown, findSlowerThanMeasured } from './speed-diagnostics.ts';
import { findGradientSpike, findLossSpikes, findSpikes } from './spike-diagnostics.ts';
import { findOverfitting, findSmallValidationPart } from './validation-diagnostics.ts';

export type { DiagnosticInput } from './curve-analysis.ts';

/**
 * What is unusual about a run, at most one diagnostic a kind, the gravest first. Every rule wants clear evidence: a diagnostic on
 * a healthy curve would teach a person to read past them.
 */
export function findDiagnostics(input: DiagnosticInput): readonly Diagnostic[] {
  const curves = analyseCurves(input);
  const diverging = findDivergence(curves);
  const jumping = diverging ?? findSpikes(curves) ?? findLossSpikes(curves);
  return [
    jumping,
    diverging === undefined ? findBadStart(curves) : undefined,
    findOverfitting(curves),
    jumping === undefined ? findGradientSpike(curves) : undefined,
    diverging === undefined ? findStall(curves) : undefined,
    findSlowdown(curves) ?? findSlowerThanMeasured(curves),
    findSmallValidationPart(curves),
  ].filter((diagnostic) => diagnostic !== undefined);
}
