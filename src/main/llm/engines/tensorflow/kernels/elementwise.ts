import { stringAttribute, intAttribute } from '../../../graph/operators/declaration.ts';
import { geluCubic, geluScale } from '../../../graph/operators/elementwise.ts';
import { dataTypeOf } from '../../../graph/data-types.ts';
import { deviceTypes } from '../tensorflow.ts';
import { drop, operation, type KernelDeclaration } from './kernel.ts';

/** x · Φ(x), or its tanh form, which is x · sigmoid(2 · √(2/π) · (x + 0.044715 x³)). */
const gelu: KernelDeclaration = {
  make: ({ tensorflow, node, keep }) => {
    if (stringAttribute(node.attributes, 'approximate', 'none') === 'tanh') {
      const linear = keep(tensorflow.number(2 * geluScale));
      const cubic = keep(tensorflow.number(2 * geluScale * geluCubic));
      return ([x]) => {
        const square = tensorflow.run('Square', [x!]);
        const scaled = drop(tensorflow.run('Mul', [square, cubic]), square);
        const factor = drop(tensorflow.run('AddV2', [scaled, linear]), scaled);
        const inner = drop(tensorflow.run('Mul', [x!, factor]), factor);
        const gate = drop(tensorflow.run('Sigmoid', [inner]), inner);
        return [drop(tensorflow.run('Mul', [x!, gate]), gate)];
      };
    }
    const half = keep(tensorflow.number(0.5));
    const inverseRoot = keep(tensorflow.number(Math.SQRT1_2));
    const one = keep(tensorflow.number(1));
    return ([x]) => {
      const scaled = tensorflow.run('Mul', [x!, inverseRoot]);
      const erf = drop(tensorflow.run('Erf', [scaled]), scaled);
      const twice = drop(tensorflow.run('AddV2', [erf, one]), erf);
      const share = drop(tensorflow.run('Mul', [twice, half]), twice);
      return [drop(tensorflow.run('Mul', [x!, share]), share)];
    };
  },
};

const div: KernelDeclaration = {
  make: ({ tensorflow, node }) => {
    const name = deviceTypes[node.inputs[0]!.dtype] === 'float32' ? 'RealDiv' : 'TruncateDiv';
    return ([a, b]) => [tensorflow.run(name, [a!, b!])];
  },
};

const cast: KernelDeclaration = {
  mayShare: true,
  make: ({ tensorflow, node }) => {
    const source = node.inputs[0]!.dtype;
    const target = dataTypeOf(intAttribute(node.attributes, 'to', 0))!;
    // Half precision and bytes are made on the host: TensorFlow.js holds neither.
    if (target === 'float16' || target === 'uint8')
      return ([x]) => {
        // As TensorFlow holds them: float16 would be read as bits.
        const elements = Array.from(tensorflow.read(deviceTypes[source], x!), Number);
        const data =
          target === 'uint8'
            ? Uint8Array.from(elements)
            : new Uint16Array(Float16Array.from(elements).buffer);
        return [tensorflow.upload(target, x!.shape, data)];
      };
    const type = deviceTypes[target];
    if (type === deviceTypes[source]) return ([x]) => [tensorflow.run('Identity', [x!])];
    const attributes = [
      tensorflow.type('SrcT', deviceTypes[source]),
      tensorflow.type('DstT', type),
      tensorflow.boolean('Truncate', false),
    ];
    return ([x]) => [tensorflow.run('Cast', [x!], attributes)];
  },
};

export const elementwiseKernels: Readonly<Record<string, KernelDeclaration>> = {
  Add: operation('AddV2'),
  Sub: operation('Sub'),
  Mul: operation('Mul'),
  Div: div,
  Equal: operation('Equal'),
  LessOrEqual: operation('LessEqual'),
  And: operation('LogicalAnd'),
  Neg: operation('Neg'),
  Sqrt: operation('Sqrt'),
  Reciprocal: operation('Reciprocal'),
  Exp: operation('Exp'),
  Log: operation('Log'),
  Tanh: operation('Tanh'),
  Sigmoid: operation('Sigmoid'),
  Erf: operation('Erf'),
  Relu: operation('Relu'),
  Gelu: gelu,
  Cast: cast,
  Where: operation('SelectV2'),
};
