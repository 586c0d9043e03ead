import { GraphError } from '../shape-error.ts';
import type { OperatorDomain } from '../types.ts';
import type { OperatorDeclaration } from './declaration.ts';
import { elementwiseOperators } from './elementwise.ts';
import { groupQueryAttentionOperator } from './grouped-query-attention.ts';
import { indexingOperators } from './indexing.ts';
import { layoutOperators } from './layout.ts';
import { matrixOperators } from './matrix.ts';
import { normalizationOperators } from './normalization.ts';
import { reductionOperators } from './reduction.ts';

/** Every operator that graphs are made of. */
export const operators: readonly OperatorDeclaration[] = [
  ...elementwiseOperators,
  ...matrixOperators,
  ...reductionOperators,
  ...normalizationOperators,
  ...layoutOperators,
  ...indexingOperators,
  groupQueryAttentionOperator,
];

const byName = new Map(operators.map((operator) => [`${operator.domain}:${operator.name}`, operator]));

/** The declaration behind a node. @throws GraphError when Loam does not know the operator. */
export function operatorDeclaration(name: string, domain: OperatorDomain): OperatorDeclaration {
  const declaration = byName.get(`${domain}:${name}`);
  if (declaration === undefined)
    throw new GraphError(name, `Loam does not know this operator${domain === '' ? '' : ` of ${domain}`}`);
  return declaration;
}
