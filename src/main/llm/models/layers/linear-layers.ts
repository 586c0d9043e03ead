import { mul } from '../../graph/operators/elementwise.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import type { Value } from '../../graph/types.ts';
import { adapterNames, adapterScale, type LowRankAdapter } from '../low-rank-adapter.ts';
import type { Parameter } from '../parameter.ts';
import type { LayerOps } from './layer-ops.ts';

/**
 * The linear layers of a graph whose activations are rows: x · W (+ bias), and where the layer is adapted, what its adapter
 * adds. The product with A comes first: it is as narrow as the rank.
 */
export function linearLayers(
  parameters: readonly Parameter[],
  weight: (name: string) => Value,
  adapter: LowRankAdapter | undefined,
): LayerOps['linear'] {
  const layouts = new Map(parameters.map(({ name, linear }) => [name, linear]));
  return (x, name, bias) => {
    const output = gemm(x, weight(name), {
      transB: layouts.get(name) === 'out-in',
      ...(bias === undefined ? {} : { addend: weight(bias) }),
    });
    if (adapter?.targets.has(name) !== true) return output;
    const { down, up } = adapterNames(name);
    const narrow = gemm(x, weight(down), { transB: true }); // (rows, rank)
    return gemm(mul(narrow, adapterScale(adapter)), weight(up), { transB: true, addend: output });
  };
}
