import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { builderOf } from '../../graph/builder.ts';
import { rmsNormalization } from '../../graph/functions/rms-normalization.ts';
import { swiglu } from '../../graph/functions/swiglu.ts';
import { add, gelu } from '../../graph/operators/elementwise.ts';
import { split } from '../../graph/operators/layout.ts';
import { layerNormalization } from '../../graph/operators/normalization.ts';
import type { Value } from '../../graph/types.ts';
import type { AttentionSettings, LayerOps } from '../layers/layer-ops.ts';
import { familyOf } from './families.ts';
import { gptNames } from './parameters.ts';

/** How the layers of a model of this shape attend. */
export function attentionSettings(shape: GptShape): AttentionSettings {
  const { heads, keyValueHeads, headSize, rotaryBase } = shape;
  return {
    heads,
    keyValueHeads,
    headSize,
    rotaryBase: familyOf(shape).positions === 'rotary' ? rotaryBase : undefined,
  };
}

/** A decoder-only Transformer, up to the final norm: what all families of `gptFamilies` have in common. */
export function gpt(shape: GptShape, ops: LayerOps): Value {
  const names = gptNames(shape);
  let x = ops.embed(ops.weight(names.tokenEmbedding));
  if (names.positionEmbedding !== undefined) x = ops.addPositions(x, ops.weight(names.positionEmbedding));
  x = ops.drop(x, 'embedding');
  for (let layer = 0; layer < shape.layers; layer++) {
    x = ops.block(x, layer, (input) =>
      builderOf(input).scope(`block.${layer}`, () => block(shape, ops, layer, input)),
    );
  }
  return norm(shape, ops, names.finalNorm, x);
}

/** A pre-norm residual block: x + attention(norm(x)), then the same with the feed-forward part. */
function block(shape: GptShape, ops: LayerOps, layer: number, x: Value): Value {
  const { prefix, attentionNorm, feedForwardNorm } = gptNames(shape).block(layer);
  const attentionOutput = attention(shape, ops, layer, prefix, norm(shape, ops, attentionNorm, x));
  const afterAttention = add(x, ops.drop(attentionOutput, `block.${layer}.attention`));
  const mlpOutput = feedForward(shape, ops, prefix, norm(shape, ops, feedForwardNorm, afterAttention));
  return add(afterAttention, ops.drop(mlpOutput, `block.${layer}.feed_forward`));
}

function norm(shape: GptShape, ops: LayerOps, name: string, x: Value): Value {
  const scale = ops.weight(`${name}.weight`);
  return familyOf(shape).normalization === 'layerNorm'
    ? layerNormalization(x, scale, ops.weight(`${name}.bias`), shape.normalizationEpsilon)
    : rmsNormalization(x, scale, shape.normalizationEpsilon);
}

/** Multi-head causal self-attention: x [.., hidden] → [.., hidden]. */
function attention(shape: GptShape, ops: LayerOps, layer: number, prefix: string, x: Value): Value {
  const [query, key, value] = queryKeyValue(shape, ops, prefix, x); // (.., heads·size), (.., keyValueHeads·size) twice
  const attentionOutput = ops.attend(query, key, value, layer); // (.., heads·size)
  return familyOf(shape).attention.projections === 'joint'
    ? ops.linear(attentionOutput, `${prefix}.attn.c_proj.weight`, `${prefix}.attn.c_proj.bias`)
    : ops.linear(attentionOutput, `${prefix}.self_attn.o_proj.weight`);
}

function queryKeyValue(
  shape: GptShape,
  ops: LayerOps,
  prefix: string,
  x: Value,
): readonly [Value, Value, Value] {
  const { attention: settings } = familyOf(shape);
  if (settings.projections === 'joint') {
    const joint = ops.linear(x, `${prefix}.attn.c_attn.weight`, `${prefix}.attn.c_attn.bias`); // (.., 3·hidden)
    const width = shape.heads * shape.headSize;
    const [query, key, value] = split(joint, [width, width, width], -1);
    return [query!, key!, value!];
  }
  const project = (name: 'q' | 'k' | 'v'): Value =>
    ops.linear(
      x,
      `${prefix}.self_attn.${name}_proj.weight`,
      settings.biases ? `${prefix}.self_attn.${name}_proj.bias` : undefined,
    );
  const [query, key, value] = [project('q'), project('k'), project('v')];
  if (!settings.normalizedHeads) return [query, key, value];
  const normalize = (projected: Value, heads: number, name: string): Value =>
    ops.perHead(projected, heads, (head) =>
      rmsNormalization(head, ops.weight(`${prefix}.self_attn.${name}.weight`), shape.normalizationEpsilon),
    );
  return [normalize(query, shape.heads, 'q_norm'), normalize(key, shape.keyValueHeads, 'k_norm'), value];
}

/** Position by position: hidden → intermediate → hidden. */
function feedForward(shape: GptShape, ops: LayerOps, prefix: string, x: Value): Value {
  if (familyOf(shape).feedForward === 'gelu') {
    const inner = gelu(ops.linear(x, `${prefix}.mlp.c_fc.weight`, `${prefix}.mlp.c_fc.bias`), 'tanh');
    return ops.linear(inner, `${prefix}.mlp.c_proj.weight`, `${prefix}.mlp.c_proj.bias`);
  }
  const gate = ops.linear(x, `${prefix}.mlp.gate_proj.weight`);
  const up = ops.linear(x, `${prefix}.mlp.up_proj.weight`);
  return ops.linear(swiglu(gate, up), `${prefix}.mlp.down_proj.weight`);
}
