import { createRandomNumbers } from '../random/random-numbers.ts';
import { elementCount, type Initialization, type Parameter } from './parameter.ts';

/**
 * The values of an untrained model, one parameter after another; the same seed gives the same model. Each parameter has a
 * stream of random numbers of its own, which its place in the list decides: appending a parameter changes no other.
 */
export function* initializeParameters(
  parameters: readonly Parameter[],
  seed: number,
): Generator<{ readonly name: string; readonly data: Float32Array }> {
  for (const [index, { name, shape, initialization }] of parameters.entries()) {
    const data = new Float32Array(elementCount(shape));
    fill(data, initialization, (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0);
    yield { name, data };
  }
}

function fill(data: Float32Array, initialization: Initialization, seed: number): void {
  switch (initialization.kind) {
    case 'constant':
      data.fill(initialization.value);
      return;
    case 'uniform': {
      const random = createRandomNumbers(seed);
      for (let i = 0; i < data.length; i += 1) data[i] = (2 * random.next() - 1) * initialization.bound;
      return;
    }
    case 'normal':
      fillNormal(data, initialization.standardDeviation, seed);
      return;
    default:
      return initialization satisfies never;
  }
}

/** Normal numbers by the polar method (Marsaglia & Bray, 1964), two at a time. */
function fillNormal(data: Float32Array, standardDeviation: number, seed: number): void {
  const random = createRandomNumbers(seed);
  for (let i = 0; i < data.length; i += 2) {
    let x = 0;
    let y = 0;
    let radius = 0;
    do {
      x = 2 * random.next() - 1;
      y = 2 * random.next() - 1;
      radius = x * x + y * y;
    } while (radius >= 1 || radius === 0);
    const factor = standardDeviation * Math.sqrt((-2 * Math.log(radius)) / radius);
    data[i] = x * factor;
    if (i + 1 < data.length) data[i + 1] = y * factor;
  }
}
