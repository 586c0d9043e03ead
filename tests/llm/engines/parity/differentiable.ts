import { gradientRules } from '../../../../src/main/llm/graph/gradients/table.ts';
import type { OperatorCase } from './cases.ts';

/** Whether a case has inputs that gradients can be taken with respect to, and its operator a rule. */
export function hasGradient(one: OperatorCase): boolean {
  return gradientRules[one.operator] !== undefined && one.inputs.some((input) => input.kind === 'drawn');
}
