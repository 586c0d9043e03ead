import { LoamError } from '../../../../shared/errors.ts';
import type { ExampleSplit } from '../../data/examples/open-part.ts';
import type { DeviceTensor, Program } from '../../engines/engine.ts';
import { automaticLossChunks } from '../loss-chunks.ts';
import type { Evaluation, Evaluator, EvaluatorOptions } from '../objective.ts';
import { addTokenLoss } from '../token-loss.ts';
import { buildLossGraph } from '../training-graph.ts';
import { conversationBatch, paddedLength, predictionsOf, readExample } from './batch.ts';
import { answersDeclaration } from './declaration.ts';

/** About how many tokens one run of a program sees. */
const aimedTokensAtOnce = 1024;

/** A program for conversations of one padded length. */
interface LengthProgram {
  readonly sequences: number;
  readonly program: Program;
  readonly inputs: Readonly<Record<string, DeviceTensor>>;
}

/** What is predicted of a split, counted once: it takes reading all marks. */
const counted = new WeakMap<ExampleSplit, number>();

export function trainedTokensOf(split: ExampleSplit): number {
  const known = counted.get(split);
  if (known !== undefined) return known;
  let total = 0;
  for (let example = 0; example < split.documents; example += 1)
    total += predictionsOf(readExample(split, example));
  counted.set(split, total);
  return total;
}

/** Measures the loss of each token of the answers from all that is before it. */
export function createAnswersEvaluator({
  engine,
  shape,
  weights,
  adapter,
}: EvaluatorOptions): Promise<Evaluator<ExampleSplit>> {
  const { contextLength, vocabularySize } = shape;
  const programs = new Map<number, Promise<LengthProgram>>();
  const loss = engine.allocate('float32', []);
  const sequencesOf = (length: number): number => Math.max(1, Math.floor(aimedTokensAtOnce / length));

  async function prepare(length: number): Promise<LengthProgram> {
    const sequences = sequencesOf(length);
    const graph = buildLossGraph({ declaration: answersDeclaration, addLoss: addTokenLoss }, shape, {
      batchSize: sequences,
      sequenceLength: length,
      lossChunks: automaticLossChunks(sequences * length, vocabularySize),
      adapter,
    });
    return {
      sequences,
      program: await engine.compile(graph),
      inputs: {
        input_ids: engine.allocate('int64', [sequences, length]),
        targets: engine.allocate('int64', [sequences, length]),
        loss_weights: engine.allocate('float32', [sequences, length]),
      },
    };
  }
  const programFor = (length: number): Promise<LengthProgram> => {
    const known = programs.get(length) ?? prepare(length);
    programs.set(length, known);
    return known;
  };

  /** The mean loss of some conversations. */
  async function measure(
    examples: readonly ReturnType<typeof readExample>[],
    length: number,
    predictions: number,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const { sequences, program, inputs } = await programFor(length);
    const batch = conversationBatch(examples, { sequences, sequenceLength: length, predictions });
    for (const [name, { data }] of Object.entries(batch.inputs)) await engine.write(inputs[name]!, data);
    await program.run({ ...weights, ...inputs, loss }, signal);
    return Number((await engine.read(loss))[0]);
  }

  return Promise.resolve({
    predictionsAtOnce: aimedTokensAtOnce,
    async evaluate({ split, maximumPredictions = Infinity, signal, onProgress }) {
      const total = trainedTokensOf(split);
      // Spread over the split, the same ones each time.
      const stride = Math.max(1, Math.ceil(total / maximumPredictions));
      const waiting = new Map<number, ReturnType<typeof readExample>[]>();
      let nats = 0;
      let predictions = 0;
      const flush = async (length: number, examples: readonly ReturnType<typeof readExample>[]) => {
        if (signal?.aborted === true) throw interrupted();
        const own = examples.reduce((sum, example) => sum + predictionsOf(example), 0);
        nats += (await measure(examples, length, own, signal)) * own;
        predictions += own;
        onProgress?.(predictions);
      };
      for (let number = 0; number < split.documents; number += stride) {
        const example = readExample(split, number);
        if (predictionsOf(example) === 0) continue;
        const length = paddedLength(example.ids.length - 1, contextLength);
        const group = waiting.get(length) ?? [];
        group.push(example);
        waiting.set(length, group);
        if (group.length < sequencesOf(length)) continue;
        waiting.delete(length);
        await flush(length, group);
      }
      for (const [length, group] of waiting) await flush(length, group);
      const mean = nats / predictions;
      return {
        loss: mean,
        figures: { perplexity: Math.exp(mean) },
        predictions,
        complete: stride === 1,
      };
    },
    async dispose() {
      for (const made of programs.values()) {
        const { program, inputs } = await made;
        await program.dispose();
        for (const tensor of Object.values(inputs)) tensor.dispose();
      }
      loss.dispose();
    },
  });
}

/** One measurement over several splits: every token counts the same. */
export function combineAnswers(parts: readonly Evaluation[]): Evaluation {
  const predictions = parts.reduce((sum, part) => sum + part.predictions, 0);
  const loss = parts.reduce((sum, part) => sum + part.loss * part.predictions, 0) / predictions;
  return {
    loss,
    figures: { perplexity: Math.exp(loss) },
    predictions,
    complete: parts.every(({ complete }) => complete),
  };
}

function interrupted(): LoamError {
  return new LoamError({
    kind: 'interrupted',
    what: 'The evaluation was stopped.',
    remedy: 'Start it again when you like.',
  });
}
