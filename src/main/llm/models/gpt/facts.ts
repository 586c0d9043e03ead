import type { ModelFact } from '../../../../shared/checkpoints/checkpoint.ts';
import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';

/** How a model of this shape is built, for a person to read. */
export function gptFacts(shape: GptShape): readonly ModelFact[] {
  const { heads, keyValueHeads } = shape;
  return [
    { label: 'Model type', value: shape.modelType },
    { label: 'Context', value: shape.contextLength },
    { label: 'Layers', value: shape.layers },
    { label: 'Hidden size', value: shape.hiddenSize },
    {
      label: 'Heads',
      value: heads === keyValueHeads ? heads : `${heads}, ${keyValueHeads} for keys and values`,
    },
    { label: 'Feed-forward size', value: shape.intermediateSize },
    { label: 'Vocabulary', value: shape.vocabularySize },
    { label: 'Output shares the embedding', value: shape.tiedEmbeddings },
  ];
}
