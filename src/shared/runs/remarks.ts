import { findBadStart, findDivergence, findStall } from './loss-remarks.ts';
import type { Remark } from './remark.ts';
import { sightOf, type RemarkInput } from './remark-sight.ts';
import { findSlowdown, findSlowerThanMeasured } from './speed-remarks.ts';
import { findGradientSpike, findLossSpikes, findSpikes } from './spike-remarks.ts';
import { findOverfitting, findSmallValidationPart } from './validation-remarks.ts';

export type { RemarkInput } from './remark-sight.ts';

/**
 * What is unusual about a run, at most one remark a kind, the gravest first. Every rule wants clear evidence: a remark on
 * a healthy curve would teach a person to read past them.
 */
export function remarksOn(input: RemarkInput): readonly Remark[] {
  const sight = sightOf(input);
  const diverging = findDivergence(sight);
  const jumping = diverging ?? findSpikes(sight) ?? findLossSpikes(sight);
  return [
    jumping,
    diverging === undefined ? findBadStart(sight) : undefined,
    findOverfitting(sight),
    jumping === undefined ? findGradientSpike(sight) : undefined,
    diverging === undefined ? findStall(sight) : undefined,
    findSlowdown(sight) ?? findSlowerThanMeasured(sight),
    findSmallValidationPart(sight),
  ].filter((remark) => remark !== undefined);
}
