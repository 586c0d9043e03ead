import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { createRandomNumbers } from '../../random/random-numbers.ts';

/** How a parameter starts. */
export type Initialization =
  | { readonly kind: 'normal'; readonly standardDeviation: number }
  | { readonly kind: 'constant'; readonly value: number };

/** One parameter of a GPT, under the name that Hugging Face gives it. */
export interface GptParameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether AdamW's weight decay applies: to matrices of layers, not to biases, norms and embeddings. */
  readonly weightDecay: boolean;
  readonly initialization: Initialization;
}

/** The names of a block's parameters; what a style lacks is absent. */
interface BlockNames {
  readonly attentionNorm: string;
  readonly feedForwardNorm: string;
}

/** Where Hugging Face keeps the parts of each style. */
export function gptNames(shape: GptShape): {
  readonly tokenEmbedding: string;
  readonly positionEmbedding: string | undefined;
  readonly finalNorm: string;
  readonly output: string;
  readonly block: (layer: number) => BlockNames & { readonly prefix: string };
} {
  const tokenEmbedding = shape.style === 'gpt2' ? 'transformer.wte.weight' : 'model.embed_tokens.weight';
  return {
    tokenEmbedding,
    positionEmbedding: shape.style === 'gpt2' ? 'transformer.wpe.weight' : undefined,
    finalNorm: shape.style === 'gpt2' ? 'transformer.ln_f' : 'model.norm',
    output: shape.tiedEmbeddings ? tokenEmbedding : 'lm_head.weight',
    block: (layer) => {
      const prefix = shape.style === 'gpt2' ? `transformer.h.${layer}` : `model.layers.${layer}`;
      return shape.style === 'gpt2'
        ? { prefix, attentionNorm: `${prefix}.ln_1`, feedForwardNorm: `${prefix}.ln_2` }
        : {
            prefix,
            attentionNorm: `${prefix}.input_layernorm`,
            feedForwardNorm: `${prefix}.post_attention_layernorm`,
          };
    },
  };
}

/**
 * All parameters in a fixed order. Matrices start normal with deviation 0.02; those that write to the residual stream
 * are scaled by 1/√(2·layers) (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, §2.3).
 */
export function gptParameters(shape: GptShape): readonly GptParameter[] {
  const {
    hiddenSize,
    intermediateSize,
    heads,
    keyValueHeads,
    headSize,
    vocabularySize,
    contextLength,
    layers,
  } = shape;
  const [queryWidth, keyValueWidth] = [heads * headSize, keyValueHeads * headSize];
  const names = gptNames(shape);
  const residual = 0.02 / Math.sqrt(2 * layers);

  const embedding = (name: string, rows: number): GptParameter => ({
    name,
    shape: [rows, hiddenSize],
    weightDecay: false,
    initialization: { kind: 'normal', standardDeviation: 0.02 },
  });
  const matrix = (name: string, rows: number, columns: number, standardDeviation = 0.02): GptParameter => ({
    name,
    shape: [rows, columns],
    weightDecay: true,
    initialization: { kind: 'normal', standardDeviation },
  });
  const vector = (name: string, length: number, value: number): GptParameter => ({
    name,
    shape: [length],
    weightDecay: false,
    initialization: { kind: 'constant', value },
  });
  const norm = (name: string, length = hiddenSize): readonly GptParameter[] => [
    vector(`${name}.weight`, length, 1),
    ...(shape.style === 'gpt2' ? [vector(`${name}.bias`, length, 0)] : []),
  ];

  const gpt2Block = (prefix: string): readonly GptParameter[] => [
    // GPT-2's linear layers are "Conv1D": [in, out].
    matrix(`${prefix}.attn.c_attn.weight`, hiddenSize, 3 * queryWidth),
    vector(`${prefix}.attn.c_attn.bias`, 3 * queryWidth, 0),
    matrix(`${prefix}.attn.c_proj.weight`, queryWidth, hiddenSize, residual),
    vector(`${prefix}.attn.c_proj.bias`, hiddenSize, 0),
    matrix(`${prefix}.mlp.c_fc.weight`, hiddenSize, intermediateSize),
    vector(`${prefix}.mlp.c_fc.bias`, intermediateSize, 0),
    matrix(`${prefix}.mlp.c_proj.weight`, intermediateSize, hiddenSize, residual),
    vector(`${prefix}.mlp.c_proj.bias`, hiddenSize, 0),
  ];
  const llamaBlock = (prefix: string): readonly GptParameter[] => [
    matrix(`${prefix}.self_attn.q_proj.weight`, queryWidth, hiddenSize),
    matrix(`${prefix}.self_attn.k_proj.weight`, keyValueWidth, hiddenSize),
    matrix(`${prefix}.self_attn.v_proj.weight`, keyValueWidth, hiddenSize),
    ...(shape.style === 'qwen2'
      ? [
          vector(`${prefix}.self_attn.q_proj.bias`, queryWidth, 0),
          vector(`${prefix}.self_attn.k_proj.bias`, keyValueWidth, 0),
          vector(`${prefix}.self_attn.v_proj.bias`, keyValueWidth, 0),
        ]
      : []),
    ...(shape.style === 'qwen3'
      ? [...norm(`${prefix}.self_attn.q_norm`, headSize), ...norm(`${prefix}.self_attn.k_norm`, headSize)]
      : []),
    matrix(`${prefix}.self_attn.o_proj.weight`, hiddenSize, queryWidth, residual),
    matrix(`${prefix}.mlp.gate_proj.weight`, intermediateSize, hiddenSize),
    matrix(`${prefix}.mlp.up_proj.weight`, intermediateSize, hiddenSize),
    matrix(`${prefix}.mlp.down_proj.weight`, hiddenSize, intermediateSize, residual),
  ];

  return [
    embedding(names.tokenEmbedding, vocabularySize),
    ...(names.positionEmbedding === undefined ? [] : [embedding(names.positionEmbedding, contextLength)]),
    ...Array.from({ length: layers }, (_, layer) => {
      const { prefix, attentionNorm, feedForwardNorm } = names.block(layer);
      return [
        ...norm(attentionNorm),
        ...norm(feedForwardNorm),
        ...(shape.style === 'gpt2' ? gpt2Block(prefix) : llamaBlock(prefix)),
      ];
    }).flat(),
    ...norm(names.finalNorm),
    ...(shape.tiedEmbeddings ? [] : [embedding('lm_head.weight', vocabularySize)]),
  ];
}

/** Number of values that a model of this shape learns. */
export function countParameters(shape: GptShape): number {
  return gptParameters(shape).reduce((sum, parameter) => sum + parameter.shape.reduce((a, b) => a * b, 1), 0);
}

/**
 * A new model's parameters, one after another; the same seed gives the same model. Each parameter has a stream of
 * random numbers of its own, so that adding one changes no other.
 */
export function* initializeParameters(
  shape: GptShape,
  seed: number,
): Generator<{ readonly name: string; readonly data: Float32Array }> {
  for (const [index, parameter] of gptParameters(shape).entries()) {
    const data = new Float32Array(parameter.shape.reduce((a, b) => a * b, 1));
    if (parameter.initialization.kind === 'constant') data.fill(parameter.initialization.value);
    else
      fillNormal(
        data,
        parameter.initialization.standardDeviation,
        (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0,
      );
    yield { name: parameter.name, data };
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
