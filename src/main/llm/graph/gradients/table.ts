import { elementwiseGradients } from './elementwise.ts';
import { indexingGradients } from './indexing.ts';
import { layoutGradients } from './layout.ts';
import { matrixGradients } from './matrix.ts';
import { normalizationGradients } from './normalization.ts';
import { reductionGradients } from './reduction.ts';
import type { GradientRule } from './rule.ts';

/** Gradient rules by operator. An operator without one stops gradients (comparisons, integer work, cached attention). */
export const gradientRules: Readonly<Record<string, GradientRule>> = {
  ...elementwiseGradients,
  ...matrixGradients,
  ...reductionGradients,
  ...normalizationGradients,
  ...layoutGradients,
  ...indexingGradients,
};
