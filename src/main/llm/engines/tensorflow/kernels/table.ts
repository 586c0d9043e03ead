import { LoamError } from '../../../../../shared/errors.ts';
import type { Graph, GraphNode } from '../../../graph/types.ts';
import { elementwiseKernels } from './elementwise.ts';
import { attentionKernels } from './grouped-query-attention.ts';
import { indexingKernels } from './indexing.ts';
import type { KernelDeclaration } from './kernel.ts';
import { layoutKernels } from './layout.ts';
import { matrixKernels } from './matrix.ts';
import { normalizationKernels } from './normalization.ts';
import { reductionKernels } from './reduction.ts';

/** How each operator of graphs is computed. */
const kernels: Readonly<Record<string, KernelDeclaration>> = {
  ...elementwiseKernels,
  ...matrixKernels,
  ...reductionKernels,
  ...normalizationKernels,
  ...layoutKernels,
  ...indexingKernels,
  ...attentionKernels,
};

/** The kernel of a node. @throws LoamError of kind 'environment' that names the operator when the engine has none */
export function kernelFor(node: GraphNode, graph: Graph): KernelDeclaration {
  const kernel = Object.hasOwn(kernels, node.operator) ? kernels[node.operator] : undefined;
  if (kernel === undefined)
    throw new LoamError({
      kind: 'environment',
      what: `The TensorFlow engine cannot compute the operator ${node.operator}.`,
      where: `graph ${graph.name}`,
      remedy: 'Use the ONNX Runtime engine for this model.',
    });
  return kernel;
}
