import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { builderOf } from '../../graph/builder.ts';
import { rmsNormalization } from '../../graph/functions/rms-normalization.ts';
import { swiglu } from '../../graph/functions/swiglu.ts';
import { add, gelu } from '../../graph/operators/elementwise.ts';
import { split } from '../../graph/operators/layout.ts';
import { layerNormalization } from '../../graph/operators/normalization.ts';
import type { Value } from '../../graph/types.ts';
import { gptNames } from './parameters.ts';

/**
 * What differs between a graph that trains, one that generates and one that is exported: how activations lie in memory
 * (rows [tokens, width], or [batch, sequence, width]), and how a token sees those before it.
 */
export interface GptForm {
  /** A parameter by its Hugging Face name. */
  readonly weight: (name: string) => Value;
  /** x · W (+ bias). `layout` says how Hugging Face stores W. */
  readonly linear: (x: Value, weight: string, bias: string | undefined, layout: 'in-out' | 'out-in') => Value;
  /** Token ids to vectors. */
  readonly embed: (table: Value) => Value;
  /** Adds the learned vector of each token's position. */
  readonly addPositions: (x: Value, table: Value) => Value;
  /** Causal attention of [.., heads·size] queries over keys and values, rotary positions included. */
  readonly attend: (query: Value, key: Value, value: Value, layer: number) => Value;
  /** Applies `norm` to each head by itself: [.., heads·size] seen as [.., heads, size]. */
  readonly perHead: (x: Value, heads: number, norm: (head: Value) => Value) => Value;
  /** Dropout at a named place; the identity outside training. */
  readonly drop: (x: Value, place: string) => Value;
  /** One block, so that a form can recompute it in the backward pass or look at what it hands on. */
  readonly block: (x: Value, layer: number, body: (x: Value) => Value) => Value;
}

/**
 * A decoder-only Transformer, up to the final norm: GPT-2 (Radford et al. 2019), or Llama (Touvron et al., "LLaMA",
 * 2023) and its Qwen variants.
 */
export function gpt(shape: GptShape, form: GptForm): Value {
  const names = gptNames(shape);
  let x = form.embed(form.weight(names.tokenEmbedding));
  if (names.positionEmbedding !== undefined) x = form.addPositions(x, form.weight(names.positionEmbedding));
  x = form.drop(x, 'embedding');
  for (let layer = 0; layer < shape.layers; layer++) {
    x = form.block(x, layer, (input) =>
      builderOf(input).scope(`block.${layer}`, () => block(shape, form, layer, input)),
    );
  }
  return norm(shape, form, names.finalNorm, x);
}

/** A pre-norm residual block: what attention gathers from earlier tokens, then what the feed-forward part makes of it. */
function block(shape: GptShape, form: GptForm, layer: number, x: Value): Value {
  const { prefix, attentionNorm, feedForwardNorm } = gptNames(shape).block(layer);
  const gathered = attention(shape, form, layer, prefix, norm(shape, form, attentionNorm, x));
  const attended = add(x, form.drop(gathered, `block.${layer}.attention`));
  const thought = feedForward(shape, form, prefix, norm(shape, form, feedForwardNorm, attended));
  return add(attended, form.drop(thought, `block.${layer}.feed_forward`));
}

function norm(shape: GptShape, form: GptForm, name: string, x: Value): Value {
  const scale = form.weight(`${name}.weight`);
  return shape.style === 'gpt2'
    ? layerNormalization(x, scale, form.weight(`${name}.bias`), shape.normalizationEpsilon)
    : rmsNormalization(x, scale, shape.normalizationEpsilon);
}

/** Multi-head causal self-attention: x [.., hidden] → [.., hidden]. */
function attention(shape: GptShape, form: GptForm, layer: number, prefix: string, x: Value): Value {
  const [query, key, value] = queryKeyValue(shape, form, prefix, x); // (.., heads·size), (.., keyValueHeads·size) twice
  const gathered = form.attend(query, key, value, layer); // (.., heads·size)
  return shape.style === 'gpt2'
    ? form.linear(gathered, `${prefix}.attn.c_proj.weight`, `${prefix}.attn.c_proj.bias`, 'in-out')
    : form.linear(gathered, `${prefix}.self_attn.o_proj.weight`, undefined, 'out-in');
}

function queryKeyValue(
  shape: GptShape,
  form: GptForm,
  prefix: string,
  x: Value,
): readonly [Value, Value, Value] {
  if (shape.style === 'gpt2') {
    const joint = form.linear(x, `${prefix}.attn.c_attn.weight`, `${prefix}.attn.c_attn.bias`, 'in-out'); // (.., 3·hidden)
    const width = shape.heads * shape.headSize;
    const [query, key, value] = split(joint, [width, width, width], -1);
    return [query!, key!, value!];
  }
  const project = (name: 'q' | 'k' | 'v'): Value =>
    form.linear(
      x,
      `${prefix}.self_attn.${name}_proj.weight`,
      shape.style === 'qwen2' ? `${prefix}.self_attn.${name}_proj.bias` : undefined,
      'out-in',
    );
  const [query, key, value] = [project('q'), project('k'), project('v')];
  if (shape.style !== 'qwen3') return [query, key, value];
  const normalize = (projected: Value, heads: number, name: string): Value =>
    form.perHead(projected, heads, (head) =>
      rmsNormalization(head, form.weight(`${prefix}.self_attn.${name}.weight`), shape.normalizationEpsilon),
    );
  return [normalize(query, shape.heads, 'q_norm'), normalize(key, shape.keyValueHeads, 'k_norm'), value];
}

/** Position by position: hidden → intermediate → hidden. */
function feedForward(shape: GptShape, form: GptForm, prefix: string, x: Value): Value {
  if (shape.style === 'gpt2') {
    const inner = gelu(
      form.linear(x, `${prefix}.mlp.c_fc.weight`, `${prefix}.mlp.c_fc.bias`, 'in-out'),
      'tanh',
    );
    return form.linear(inner, `${prefix}.mlp.c_proj.weight`, `${prefix}.mlp.c_proj.bias`, 'in-out');
  }
  const gate = form.linear(x, `${prefix}.mlp.gate_proj.weight`, undefined, 'out-in');
  const up = form.linear(x, `${prefix}.mlp.up_proj.weight`, undefined, 'out-in');
  return form.linear(swiglu(gate, up), `${prefix}.mlp.down_proj.weight`, undefined, 'out-in');
}
