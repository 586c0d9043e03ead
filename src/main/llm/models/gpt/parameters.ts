import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { countByPart, type LinearLayout, type Parameter, type ParameterPart } from '../parameter.ts';
import { familyOf } from './families.ts';

/** The names of a model's parameters outside its layers' matrices. */
interface GptNames {
  readonly tokenEmbedding: string;
  readonly positionEmbedding: string | undefined;
  readonly finalNorm: string;
  readonly output: string;
  readonly block: (layer: number) => {
    readonly prefix: string;
    readonly attentionNorm: string;
    readonly feedForwardNorm: string;
  };
}

/** Where Hugging Face keeps the parts of a model. */
export function gptNames(shape: GptShape): GptNames {
  const { names } = familyOf(shape);
  return {
    tokenEmbedding: names.tokenEmbedding,
    positionEmbedding: names.positionEmbedding,
    finalNorm: names.finalNorm,
    output: shape.tiedEmbeddings ? names.tokenEmbedding : 'lm_head.weight',
    block: (layer) => {
      const prefix = names.block(layer);
      return {
        prefix,
        attentionNorm: `${prefix}.${names.attentionNorm}`,
        feedForwardNorm: `${prefix}.${names.feedForwardNorm}`,
      };
    },
  };
}

/**
 * All parameters in a fixed order. Matrices start normal with deviation 0.02; those that write to the residual stream
 * are scaled by 1/√(2·layers) (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, §2.3).
 */
export function gptParameters(shape: GptShape): readonly Parameter[] {
  const { hiddenSize, vocabularySize, contextLength, layers } = shape;
  const names = gptNames(shape);
  return [
    embedding(names.tokenEmbedding, vocabularySize, hiddenSize, 'embedding'),
    ...(names.positionEmbedding === undefined
      ? []
      : [embedding(names.positionEmbedding, contextLength, hiddenSize, 'embedding')]),
    ...Array.from({ length: layers }, (_, layer) => blockParameters(shape, layer)).flat(),
    ...norm(shape, names.finalNorm),
    ...(shape.tiedEmbeddings ? [] : [embedding('lm_head.weight', vocabularySize, hiddenSize, 'output')]),
  ];
}

/**
 * How many values a model of this shape learns, by part. Counted over one block and multiplied, so that a shape of a
 * million layers is answered as fast as any. A tied output layer counts as the embedding that it is.
 */
export function countGptParameters(shape: GptShape): Readonly<Record<ParameterPart, number>> {
  const one = countByPart(gptParameters({ ...shape, layers: 1 }));
  const two = countByPart(gptParameters({ ...shape, layers: 2 }));
  const all = (part: ParameterPart): number => one[part] + (two[part] - one[part]) * (shape.layers - 1);
  return {
    embedding: all('embedding'),
    attention: all('attention'),
    feedForward: all('feedForward'),
    normalization: all('normalization'),
    output: all('output'),
  };
}

function embedding(name: string, rows: number, columns: number, part: ParameterPart): Parameter {
  return {
    name,
    shape: [rows, columns],
    weightDecay: false,
    initialization: { kind: 'normal', standardDeviation: 0.02 },
    part,
  };
}

function vector(name: string, length: number, value: number, part: ParameterPart): Parameter {
  return {
    name,
    shape: [length],
    weightDecay: false,
    initialization: { kind: 'constant', value },
    part,
  };
}

function norm(
  shape: GptShape,
  name: string,
  length = shape.hiddenSize,
  part: ParameterPart = 'normalization',
): readonly Parameter[] {
  return [
    vector(`${name}.weight`, length, 1, part),
    ...(familyOf(shape).normalization === 'layerNorm' ? [vector(`${name}.bias`, length, 0, part)] : []),
  ];
}

function blockParameters(shape: GptShape, layer: number): readonly Parameter[] {
  const { prefix, attentionNorm, feedForwardNorm } = gptNames(shape).block(layer);
  return [
    ...norm(shape, attentionNorm),
    ...norm(shape, feedForwardNorm),
    ...attentionParameters(shape, prefix),
    ...feedForwardParameters(shape, prefix),
  ].map((parameter) => ({ ...parameter, layer }));
}

/** Deviation of the matrices that write to the residual stream. */
const residualDeviation = ({ layers }: GptShape): number => 0.02 / Math.sqrt(2 * layers);

/** A matrix of a layer with the part that it belongs to. */
const matrixOf =
  (part: ParameterPart, linear: LinearLayout) =>
  (name: string, rows: number, columns: number, standardDeviation = 0.02): Parameter => ({
    name,
    shape: [rows, columns],
    weightDecay: true,
    initialization: { kind: 'normal', standardDeviation },
    part,
    linear,
  });

function attentionParameters(shape: GptShape, prefix: string): readonly Parameter[] {
  const { hiddenSize, heads, keyValueHeads, headSize } = shape;
  const { attention } = familyOf(shape);
  const [queryWidth, keyValueWidth] = [heads * headSize, keyValueHeads * headSize];
  const residual = residualDeviation(shape);
  // GPT-2's linear layers are "Conv1D": [in, out].
  const matrix = matrixOf('attention', attention.projections === 'joint' ? 'in-out' : 'out-in');
  const bias = (name: string, length: number): Parameter => vector(name, length, 0, 'attention');
  if (attention.projections === 'joint')
    return [
      matrix(`${prefix}.attn.c_attn.weight`, hiddenSize, 3 * queryWidth),
      bias(`${prefix}.attn.c_attn.bias`, 3 * queryWidth),
      matrix(`${prefix}.attn.c_proj.weight`, queryWidth, hiddenSize, residual),
      bias(`${prefix}.attn.c_proj.bias`, hiddenSize),
    ];
  const projection = (name: string): string => `${prefix}.self_attn.${name}`;
  return [
    matrix(projection('q_proj.weight'), queryWidth, hiddenSize),
    matrix(projection('k_proj.weight'), keyValueWidth, hiddenSize),
    matrix(projection('v_proj.weight'), keyValueWidth, hiddenSize),
    ...(attention.biases
      ? [
          bias(projection('q_proj.bias'), queryWidth),
          bias(projection('k_proj.bias'), keyValueWidth),
          bias(projection('v_proj.bias'), keyValueWidth),
        ]
      : []),
    ...(attention.normalizedHeads
      ? [...norm(shape, projection('q_norm'), headSize), ...norm(shape, projection('k_norm'), headSize)]
      : []),
    matrix(projection('o_proj.weight'), hiddenSize, queryWidth, residual),
  ];
}

function feedForwardParameters(shape: GptShape, prefix: string): readonly Parameter[] {
  const { hiddenSize, intermediateSize } = shape;
  const residual = residualDeviation(shape);
  const gelu = familyOf(shape).feedForward === 'gelu';
  const matrix = matrixOf('feedForward', gelu ? 'in-out' : 'out-in');
  if (gelu)
    return [
      matrix(`${prefix}.mlp.c_fc.weight`, hiddenSize, intermediateSize),
      vector(`${prefix}.mlp.c_fc.bias`, intermediateSize, 0, 'feedForward'),
      matrix(`${prefix}.mlp.c_proj.weight`, intermediateSize, hiddenSize, residual),
      vector(`${prefix}.mlp.c_proj.bias`, hiddenSize, 0, 'feedForward'),
    ];
  return [
    matrix(`${prefix}.mlp.gate_proj.weight`, intermediateSize, hiddenSize),
    matrix(`${prefix}.mlp.up_proj.weight`, intermediateSize, hiddenSize),
    matrix(`${prefix}.mlp.down_proj.weight`, hiddenSize, intermediateSize, residual),
  ];
}
