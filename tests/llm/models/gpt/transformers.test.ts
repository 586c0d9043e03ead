import { describe } from 'vitest';
import { computeInFloat64 } from '../../engines/parity/compute.ts';
import { describeTransformersParity } from './transformers-suite.ts';

// The fixtures are rounded to float32, and transformers itself normalises and rotates in float32.
describe('In float64', () =>
  describeTransformersParity(computeInFloat64, { absolute: 2e-5, gradient: 1e-5 }));
