import type { ChatTemplate } from '../../llm/conversations/chat-template.ts';
import { loadDeviceWeights } from '../../llm/checkpoints/device-weights.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import type { Engine } from '../../llm/engines/engine.ts';
import { isModelFile, requireIntactFolder } from '../../llm/files/manifest.ts';
import { loadModel } from '../../llm/generation/loaded-model.ts';
import type { ExampleLoss, Objective, Question } from '../../llm/objectives/objective.ts';
import type { SplitCounts } from '../../llm/objectives/example-format.ts';
import { loadObjective } from '../../llm/objectives/registry.ts';
import { pairedBootstrap } from '../../llm/scores/paired-bootstrap.ts';
import { chrfCounts, chrfOf, isExactMatch, rougeL } from '../../llm/scores/text-scores.ts';
import { LoamError } from '../../../shared/errors.ts';
import type { AnswerScore, ScoreDifference, Verdict } from '../../../shared/evaluations/verdict.ts';
import { openEngine } from '../engines/open-engine.ts';
import type { EvaluationProcedures } from './evaluation-protocol.ts';

type Parameters = EvaluationProcedures['judge']['parameters'];

/** An answer may be twice as long as the record's, and this much longer in any case, before it is cut. */
const spareTokens = 32;

/**
 * Holds a model against the one that it came from: the loss of each record's answer under both, and what both answer to the
 * questions of some records, spread over the split, always taking the likeliest token.
 */
export async function judgeAnswers(
  { model, base, tokens, split, objective: name, questions: most, engine: engineName, threads }: Parameters,
  signal: AbortSignal,
  onProgress?: (progress: EvaluationProcedures['judge']['event']) => void,
): Promise<EvaluationProcedures['judge']['result']> {
  const objective = await loadObjective(name);
  const data = await objective.examples.open(tokens);
  try {
    const part = split === 'train' ? data.train : data.validation;
    const asked = questionsOf(objective, part, most);
    const folders = [base, model];
    const losses: (readonly ExampleLoss[])[] = [];
    const answers: (readonly string[])[] = [];
    const withEngine = async <Result>(use: (engine: Engine) => Promise<Result>): Promise<Result> => {
      const engine = await openEngine(engineName, threads);
      try {
        return await use(engine);
      } finally {
        await engine.dispose();
      }
    };
    let decode: ((ids: readonly number[]) => string) | undefined;
    for (const [number, folder] of folders.entries()) {
      const report = (stage: 'loss' | 'answers') => (done: number, total: number) =>
        onProgress?.({ stage, done: number * total + done, total: 2 * total });
      losses.push(
        await withEngine((engine) => measureEach(engine, folder, objective, part, signal, report('loss'))),
      );
      const written = await withEngine((engine) =>
        answerEach(engine, folder, asked, signal, report('answers')),
      );
      answers.push(written.answers);
      decode ??= written.decode;
    }
    const texts = asked.map((question, index) => ({
      question: decode!(question.prompt),
      reference: decode!(question.answer).trim(),
      base: answers[0]![index]!,
      model: answers[1]![index]!,
    }));
    return {
      records: losses[0]!.length,
      loss: compareLosses(losses[0]!, losses[1]!),
      scores: {
        exactMatch: compareScores(texts, (answer, reference) => Number(isExactMatch(answer, reference))),
        rougeL: compareScores(texts, rougeL),
        chrf: compareScores(texts, (answer, reference) => chrfOf(chrfCounts(answer, reference))),
      } satisfies Record<AnswerScore, ScoreDifference>,
      answers: texts,
    };
  } finally {
    data.close();
  }
}

/** Some examples' questions, spread over the split. */
function questionsOf(objective: Objective, split: SplitCounts, most: number): readonly Question[] {
  if (objective.question === undefined)
    throw new LoamError({
      kind: 'input',
      what: `What is learned by ${objective.declaration.name} asks nothing, so that answers cannot be compared.`,
      remedy: 'Compare the figures that are measured.',
    });
  const count = Math.min(most, split.documents);
  return Array.from({ length: count }, (_, index) => Math.floor((index * split.documents) / count)).flatMap(
    (example) => objective.question?.(split, example) ?? [],
  );
}

async function measureEach(
  engine: Engine,
  folder: string,
  objective: Objective,
  split: SplitCounts,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<readonly ExampleLoss[]> {
  await requireIntactFolder(folder, { concerns: isModelFile, signal });
  const model = await openModelFolder(folder);
  try {
    const { shape, tokenizer } = model;
    const weights = await loadDeviceWeights(engine, shape, (each) => model.weights.read(each), signal);
    const evaluator = await objective.createEvaluator({ engine, shape, weights: weights.tensors, tokenizer });
    const total = objective.predictionsOf(split);
    const { examples } = await evaluator.evaluate({
      split,
      signal,
      onProgress: (done) => onProgress(done, total),
    });
    await evaluator.dispose();
    weights.dispose();
    if (examples === undefined) throw new Error('The objective does not look at examples one by one.');
    return examples;
  } finally {
    await model.close();
  }
}

async function answerEach(
  engine: Engine,
  folder: string,
  questions: readonly Question[],
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<{ readonly answers: readonly string[]; readonly decode: (ids: readonly number[]) => string }> {
  const longest = Math.max(0, ...questions.map(({ prompt, answer }) => prompt.length + 2 * answer.length));
  const model = await loadModel({ engine, folder, signal, cacheLength: longest + spareTokens });
  try {
    const endOfText = endOfReply(model.chatTemplate);
    const answers: string[] = [];
    for (const { prompt, answer } of questions) {
      if (signal.aborted) throw stopped();
      const { text } = await model.generator.generate({
        promptIds: prompt,
        maximumTokens: 2 * answer.length + spareTokens,
        temperature: 0,
        endOfText,
        signal,
      });
      answers.push(text.trim());
      onProgress(answers.length, questions.length);
    }
    return { answers, decode: (ids) => model.tokenizer.decode(ids) };
  } finally {
    await model.close();
  }
}

function endOfReply(template: ChatTemplate | LoamError | undefined): readonly number[] {
  if (template instanceof LoamError) throw template;
  return template?.endOfReply ?? [];
}

/** Every token counts the same: a record weighs as much as its answer has. */
function compareLosses(base: readonly ExampleLoss[], model: readonly ExampleLoss[]): ScoreDifference {
  const pairs = base.map(({ nats, predictions }, index) => ({
    one: nats / predictions,
    other: model[index]!.nats / predictions,
    weight: predictions,
  }));
  const mean = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair) * pair.weight, 0) /
    pairs.reduce((sum, { weight }) => sum + weight, 0);
  return { base: mean(({ one }) => one), model: mean(({ other }) => other), ...pairedBootstrap(pairs) };
}

function compareScores(
  answers: Verdict['answers'],
  score: (answer: string, reference: string) => number,
): ScoreDifference {
  const pairs = answers.map(({ reference, base, model }) => ({
    one: score(base, reference),
    other: score(model, reference),
    weight: 1,
  }));
  const mean = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / Math.max(1, pairs.length);
  return { base: mean(({ one }) => one), model: mean(({ other }) => other), ...pairedBootstrap(pairs) };
}

function stopped(): LoamError {
  return new LoamError({
    kind: 'interrupted',
    what: 'The comparison was stopped.',
    remedy: 'Start it again when you like.',
  });
}
