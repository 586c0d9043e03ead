import type { Tensor } from '@tensorflow/tfjs-core';
import type {
  AdamWStep,
  DeviceTensor,
  ParameterBuffer,
  ParameterSet,
  ParameterSpecification,
} from '../engine.ts';
import { requireDistinctNames } from '../tensor-types.ts';
import { TensorFlowTensor, TensorFlowVariable } from './device-tensor.ts';
import type { TensorFlow } from './tensorflow.ts';

/** One parameter with its gradient and the optimizer's state. */
interface Parameter {
  readonly specification: ParameterSpecification;
  readonly value: TensorFlowVariable;
  readonly gradient: TensorFlowTensor;
  readonly firstMoment: TensorFlowVariable;
  readonly secondMoment: TensorFlowVariable;
}

/**
 * Parameters and optimizer state as TensorFlow's variables, which ResourceApplyAdam updates where they lie; gradients as
 * tensors that programs replace.
 */
export class TensorFlowParameterSet implements ParameterSet {
  readonly specifications: readonly ParameterSpecification[];
  readonly #tensorflow: TensorFlow;
  readonly #parameters: readonly Parameter[];
  readonly #buffers: Readonly<Record<ParameterBuffer, Readonly<Record<string, DeviceTensor>>>>;
  readonly #onDispose: (set: TensorFlowParameterSet) => void;
  #disposed = false;

  constructor(
    specifications: readonly ParameterSpecification[],
    tensorflow: TensorFlow,
    onDispose: (set: TensorFlowParameterSet) => void,
  ) {
    requireDistinctNames(specifications);
    this.specifications = specifications;
    this.#tensorflow = tensorflow;
    this.#onDispose = onDispose;
    const variables: TensorFlowVariable[] = [];
    const variable = (shape: readonly number[]): TensorFlowVariable => {
      const made = new TensorFlowVariable(tensorflow, shape);
      variables.push(made);
      return made;
    };
    try {
      this.#parameters = specifications.map((specification) => ({
        specification,
        value: variable(specification.shape),
        gradient: new TensorFlowTensor(tensorflow, 'float32', specification.shape),
        firstMoment: variable(specification.shape),
        secondMoment: variable(specification.shape),
      }));
    } catch (error) {
      // Those that found room: nobody else knows of them.
      for (const made of variables) made.disposeWithSet();
      throw error;
    }
    const buffer = (of: (parameter: Parameter) => DeviceTensor): Readonly<Record<string, DeviceTensor>> =>
      Object.fromEntries(this.#parameters.map((each) => [each.specification.name, of(each)]));
    this.#buffers = {
      parameters: buffer(({ value }) => value),
      gradients: buffer(({ gradient }) => gradient),
      firstMoments: buffer(({ firstMoment }) => firstMoment),
      secondMoments: buffer(({ secondMoment }) => secondMoment),
    };
  }

  buffer(buffer: ParameterBuffer): Readonly<Record<string, DeviceTensor>> {
    return this.#buffers[buffer];
  }

  async zeroGradients(): Promise<void> {
    for (const { gradient } of this.#parameters) gradient.clear();
  }

  async gradientNorm(): Promise<number> {
    if (this.#parameters.length === 0) return 0;
    return this.#tensorflow.clean(() => this.#norm());
  }

  #norm(): number {
    // L2Loss is half the sum of squares.
    const halves = this.#parameters.map(({ gradient }) =>
      this.#tensorflow.run('L2Loss', [gradient.borrow()]),
    );
    const sum = this.#tensorflow.run('AddN', halves, [
      this.#tensorflow.integer('N', halves.length),
      this.#tensorflow.type('T', 'float32'),
    ]);
    const [half = 0] = this.#tensorflow.read('float32', sum);
    for (const tensor of [...halves, sum]) tensor.dispose();
    return Math.sqrt(2 * Number(half));
  }

  /**
   * TensorFlow's Adam is that of Kingma & Ba ("Adam", 2015, end of section 2), which puts the bias corrections into the
   * learning rate. With epsilon · √(1 − β₂ᵗ) for epsilon it computes the usual form to the letter of the formula. The decay
   * of the weights comes before it, as in AdamW.
   */
  async adamW(update: AdamWStep): Promise<void> {
    this.#tensorflow.clean(() => this.#adamW(update));
  }

  #adamW(update: AdamWStep): void {
    const { step, learningRate, beta1, beta2, epsilon, weightDecay, gradientScale } = update;
    const tensorflow = this.#tensorflow;
    const scalars = {
      beta1Power: beta1 ** step,
      beta2Power: beta2 ** step,
      learningRate,
      beta1,
      beta2,
      epsilon: epsilon * Math.sqrt(1 - beta2 ** step),
      kept: 1 - learningRate * weightDecay,
      gradientScale,
    };
    const on = Object.fromEntries(
      Object.entries(scalars).map(([name, value]) => [name, tensorflow.number(value)]),
    ) as Readonly<Record<keyof typeof scalars, Tensor>>;
    const attributes = [
      tensorflow.type('T', 'float32'),
      tensorflow.boolean('use_locking', false),
      tensorflow.boolean('use_nesterov', false),
    ];
    for (const { specification, value, gradient, firstMoment, secondMoment } of this.#parameters) {
      if (specification.weightDecay && weightDecay !== 0) {
        const before = value.view();
        const decayed = tensorflow.run('Mul', [before, on.kept]);
        before.dispose();
        value.assign(decayed);
        decayed.dispose();
      }
      const scaled =
        gradientScale === 1
          ? gradient.borrow()
          : tensorflow.run('Mul', [gradient.borrow(), on.gradientScale]);
      tensorflow.runAll(
        'ResourceApplyAdam',
        [
          value.handle,
          firstMoment.handle,
          secondMoment.handle,
          on.beta1Power,
          on.beta2Power,
          on.learningRate,
          on.beta1,
          on.beta2,
          on.epsilon,
          scaled,
        ],
        attributes,
        0,
      );
      if (gradientScale !== 1) scaled.dispose();
    }
    for (const scalar of Object.values(on)) scalar.dispose();
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const { value, gradient, firstMoment, secondMoment } of this.#parameters) {
      gradient.dispose();
      for (const variable of [value, firstMoment, secondMoment]) variable.disposeWithSet();
    }
    this.#onDispose(this);
  }
}
