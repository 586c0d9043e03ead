/**
 * What every gradient is multiplied by so that their global L2 norm does not exceed `maximum` (Pascanu et al., "On the
 * difficulty of training recurrent neural networks", ICML 2013, algorithm 1; with the 1e-6 of PyTorch's
 * `clip_grad_norm_`). A maximum of 0 switches clipping off.
 */
export function clippingScale(gradientNorm: number, maximum: number): number {
  return maximum === 0 ? 1 : Math.min(1, maximum / (gradientNorm + 1e-6));
}
