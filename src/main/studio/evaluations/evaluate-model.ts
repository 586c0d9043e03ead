import { loadDeviceWeights } from '../../llm/checkpoints/device-weights.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { isModelFile, requireIntactFolder } from '../../llm/files/manifest.ts';
import type { OpenExamples, SplitCounts } from '../../llm/objectives/example-format.ts';
import type { BaselineOptions, Evaluation, Objective } from '../../llm/objectives/objective.ts';
import { loadObjective } from '../../llm/objectives/registry.ts';
import { assertNever } from '../../../shared/errors.ts';
import type { EvaluationSplit } from '../../../shared/evaluations/evaluation.ts';
import { openEngine } from '../engines/open-engine.ts';
import type { EvaluationProcedures } from './evaluation-protocol.ts';

/** Measures how well a model does on a part of an encoded dataset. */
export async function evaluateModel(
  {
    model: folder,
    tokens,
    objective: name,
    split,
    engine: engineName,
    threads,
    baselineTokens,
  }: EvaluationProcedures['evaluate']['parameters'],
  signal: AbortSignal,
  onProgress?: (progress: EvaluationProcedures['evaluate']['event']) => void,
): Promise<Evaluation> {
  await requireIntactFolder(folder, { concerns: isModelFile, signal });
  const model = await openModelFolder(folder);
  const objective = await loadObjective(name);
  const data = await objective.examples.open(tokens);
  const engine = await openEngine(engineName, threads);
  try {
    const { shape, tokenizer } = model;
    const weights = await loadDeviceWeights(engine, shape, (each) => model.weights.read(each), signal);
    const evaluator = await objective.createEvaluator({ engine, shape, weights: weights.tensors, tokenizer });
    const splits = partsOf(data, split);
    const total = splits.reduce((sum, part) => sum + objective.predictionsOf(part), 0);
    const parts: Evaluation[] = [];
    for (const part of splits) {
      const before = parts.reduce((sum, each) => sum + each.predictions, 0);
      const report = (done: number): void => onProgress?.({ done: before + done, total });
      parts.push(await evaluator.evaluate({ split: part, signal, onProgress: report }));
    }
    await evaluator.dispose();
    // What each example scores is not kept.
    const { examples: _, ...measured } = objective.combine(parts);
    const baseline =
      baselineTokens === undefined
        ? {}
        : await measureBaseline(objective, baselineTokens, { measured: splits, shape, signal });
    return {
      ...measured,
      figures: { ...measured.figures, ...baseline },
    };
  } finally {
    // Frees the weights too.
    await engine.dispose();
    data.close();
    await model.close();
  }
}

function partsOf({ train, validation }: OpenExamples, split: EvaluationSplit): readonly SplitCounts[] {
  switch (split) {
    case 'validation':
      return [validation];
    case 'train':
      return [train];
    case 'all':
      return [train, validation];
    default:
      return assertNever(split);
  }
}

/** What the objective's baseline scores, under its name; nothing where there is none, or it is not worth what it takes. */
async function measureBaseline(
  objective: Objective,
  folder: string,
  options: Omit<BaselineOptions<SplitCounts>, 'train'>,
): Promise<Readonly<Record<string, number>>> {
  const { baseline } = objective.declaration;
  if (baseline === undefined || objective.measureBaseline === undefined) return {};
  const data = await objective.examples.open(folder);
  try {
    const loss = await objective.measureBaseline({ train: data.train, ...options });
    return loss === undefined ? {} : { [baseline.figure]: loss };
  } finally {
    data.close();
  }
}
