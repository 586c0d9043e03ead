import { gptDeclaration } from '../../../../shared/models/gpt.ts';
import {
  gptConfigurationSchema,
  resolveGptShape,
  type GptShape,
} from '../../../../shared/models/gpt-configuration.ts';
import { gptModelTypes, type GptModelType } from '../../../../shared/models/gpt-model-types.ts';
import { toHuggingFaceConfig } from './hugging-face-config.ts';
import { fromHuggingFaceConfig } from './read-hugging-face-config.ts';
import type { Architecture } from '../architecture.ts';
import { gptTrainingCost } from './cost.ts';
import { buildGptExportGraph } from './export-graph.ts';
import { buildGptGenerationGraph } from './generation-graph.ts';
import { ggufReaders } from './gguf.ts';
import { buildGptInspectionGraph } from './inspection-graph.ts';
import { familyOf } from './families.ts';
import { gptFacts } from './facts.ts';
import { addGptLayers, gptDropoutMasks } from './layers.ts';
import { countGptParameters, gptNames, gptParameters } from './parameters.ts';

/** Decoder-only Transformers, which write a text from left to right. */
export const gptArchitecture: Architecture<GptShape> = {
  declaration: gptDeclaration,
  configReaders: new Map(
    gptModelTypes.map((modelType) => [
      modelType,
      (json, where) => fromHuggingFaceConfig(modelType, json, where),
    ]),
  ),
  ggufReaders,
  writeConfig: toHuggingFaceConfig,
  basePrefix: (shape) => familyOf(shape).basePrefix,
  tie,
  isRedundantTensor,
  facts: gptFacts,
  parameters: gptParameters,
  countParameters: countGptParameters,
  dropoutMasks: gptDropoutMasks,
  trainingCost: gptTrainingCost,
  addLayers: addGptLayers,
  generationGraph: buildGptGenerationGraph,
  exportGraph: (shape, task) => (task === 'generate' ? buildGptExportGraph(shape) : undefined),
  inspectionGraph: buildGptInspectionGraph,
  trialShapes: () => [trialShape('gpt2'), trialShape('llama', 1)],
};

/** Causal masks and rotary wavelengths, which older checkpoints hold although they are computed. */
const computed = /\.attn\.(masked_)?bias$|\.rotary_emb\.inv_freq$/;

const outputLayer = 'lm_head.weight';

function tie(shape: GptShape): ReturnType<NonNullable<Architecture<GptShape>['tie']>> {
  if (!shape.tiedEmbeddings) return undefined;
  return {
    one: gptNames(shape).tokenEmbedding,
    other: outputLayer,
    untied: { ...shape, tiedEmbeddings: false },
  };
}

function isRedundantTensor({ tiedEmbeddings }: GptShape, name: string): boolean {
  return computed.test(name) || (tiedEmbeddings && name === outputLayer);
}

/** @param keyValueHeads with 1, two heads of queries share one of keys. */
function trialShape(modelType: GptModelType, keyValueHeads?: number): GptShape {
  const sizes = { contextLength: 8, hiddenSize: 16, layers: 1, heads: 2 };
  const configuration = gptConfigurationSchema.parse({ modelType, ...sizes, keyValueHeads });
  return resolveGptShape(configuration, 11);
}
