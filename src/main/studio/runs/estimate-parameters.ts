import type { GptShape } from '../../../shared/models/gpt-configuration.ts';
import type { RunEstimate } from '../../../shared/runs/estimate.ts';
import { gptParameters } from '../../llm/models/gpt/parameters.ts';

type ParameterPart = Exclude<keyof RunEstimate['parameters'], 'total'>;

/** The part of a model that a parameter belongs to, by the name that Hugging Face gives it. */
function partOf(name: string): ParameterPart {
  if (/(^|[._])(ln_\w+|\w*norm)\./.test(name)) return 'norms';
  if (/\.(attn|self_attn)\./.test(name)) return 'attention';
  if (/\.mlp\./.test(name)) return 'feedForward';
  return 'embeddings';
}

/**
 * How many values a model of this shape learns, by part. Counted over one block and multiplied, so that a shape of a
 * million layers is answered as fast as any.
 */
export function estimateParameters(shape: GptShape): RunEstimate['parameters'] {
  const count = (layers: number): Record<ParameterPart, number> => {
    const parts = { embeddings: 0, attention: 0, feedForward: 0, norms: 0 };
    for (const parameter of gptParameters({ ...shape, layers }))
      parts[partOf(parameter.name)] += parameter.shape.reduce((product, extent) => product * extent, 1);
    return parts;
  };
  const one = count(1);
  const two = count(2);
  const all = (part: ParameterPart) => one[part] + (two[part] - one[part]) * (shape.layers - 1);
  const [embeddings, attention, feedForward, norms] = [
    all('embeddings'),
    all('attention'),
    all('feedForward'),
    all('norms'),
  ];
  return {
    total: embeddings + attention + feedForward + norms,
    embeddings,
    attention,
    feedForward,
    norms,
  };
}
