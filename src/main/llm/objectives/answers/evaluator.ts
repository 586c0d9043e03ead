import { LoamError } from '../../../../shared/errors.ts';
import type { ExampleSplit } from '../../data/examples/open-part.ts';
import type { DeviceTensor, Program } from '../../engines/engine.ts';
import { automaticLossChunks } from '../loss-chunks.ts';
import type { Evaluation, Evaluator, EvaluatorOptions, ExampleLoss } from '../objective.ts';
import { microBatchesOf, type BatchForm } from '../batch.ts';
import { conversationBatch, predictionsOf, readExample, type Example } from './batch.ts';
import { buildAnswerLosses } from './loss.ts';

/** About how many tokens one run of a program sees. */
const aimedTokensAtOnce = 1024;

/** Conversations that are packed together. */
const packedAtOnce = 64;

/** A program for rows of one form. */
interface FormProgram {
  readonly sequences: number;
  readonly program: Program;
  readonly inputs: Readonly<Record<string, DeviceTensor>>;
  readonly losses: DeviceTensor;
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
  const programs = new Map<string, Promise<FormProgram>>();

  async function prepare({ sequenceLength, predictions = sequenceLength }: BatchForm): Promise<FormProgram> {
    const sequences = Math.max(1, Math.floor(aimedTokensAtOnce / sequenceLength));
    const graph = buildAnswerLosses(shape, {
      batchSize: sequences,
      sequenceLength,
      predictions,
      lossChunks: automaticLossChunks(sequences * predictions, vocabularySize),
      adapter,
    });
    const inputs: Record<string, DeviceTensor> = {};
    for (const { name, dtype, shape: extents } of graph.inputs) {
      if (name in weights) continue;
      inputs[name] = engine.allocate(dtype, extents.map(Number));
    }
    const losses = engine.allocate('float32', [predictions, sequences]);
    return { sequences, program: await engine.compile(graph), inputs, losses };
  }
  const programFor = (form: BatchForm): Promise<FormProgram> => {
    const key = `${form.sequenceLength} ${form.predictions ?? ''}`;
    const known = programs.get(key) ?? prepare(form);
    programs.set(key, known);
    return known;
  };

  /** What some conversations score, in their order. */
  async function measure(
    examples: readonly Example[],
    signal: AbortSignal | undefined,
  ): Promise<readonly ExampleLoss[]> {
    const { batch, rows } = conversationBatch(examples, { contextLength, predictions: 1 });
    const { sequences, program, inputs, losses } = await programFor(batch);
    const scores = examples.map((example) => ({ nats: 0, predictions: predictionsOf(example) }));
    let first = 0;
    for (const part of microBatchesOf(batch, sequences)) {
      if (signal?.aborted === true) throw interrupted();
      for (const [name, tensor] of Object.entries(inputs))
        await engine.write(tensor, part.inputs[name]!.data);
      await program.run({ ...weights, ...inputs, losses }, signal);
      const values = await engine.read(losses);
      for (const [row, packed] of rows.slice(first, first + sequences).entries()) {
        let place = 0;
        for (const number of packed) {
          const score = scores[number]!;
          for (let prediction = 0; prediction < score.predictions; prediction += 1, place += 1)
            score.nats += Number(values[place * sequences + row]);
        }
      }
      first += sequences;
    }
    return scores;
  }

  return Promise.resolve({
    predictionsAtOnce: aimedTokensAtOnce,
    async evaluate({ split, maximumPredictions = Infinity, signal, onProgress }) {
      const total = trainedTokensOf(split);
      // Spread over the split, the same ones each time.
      const stride = Math.max(1, Math.ceil(total / maximumPredictions));
      const chosen: Example[] = [];
      const measured: ExampleLoss[] = [];
      const flush = async (): Promise<void> => {
        if (chosen.length === 0) return;
        measured.push(...(await measure(chosen.splice(0), signal)));
        onProgress?.(measured.reduce((sum, { predictions }) => sum + predictions, 0));
      };
      for (let number = 0; number < split.documents; number += stride) {
        const example = readExample(split, number);
        if (predictionsOf(example) === 0) continue;
        chosen.push(example);
        if (chosen.length === packedAtOnce) await flush();
      }
      await flush();
      return evaluationOf(measured, stride === 1);
    },
    async dispose() {
      for (const made of programs.values()) {
        const { program, inputs, losses } = await made;
        await program.dispose();
        for (const tensor of [...Object.values(inputs), losses]) tensor.dispose();
      }
    },
  });
}

/** One measurement over several splits: every token counts the same. */
export function combineAnswers(parts: readonly Evaluation[]): Evaluation {
  return evaluationOf(
    parts.flatMap(({ examples = [] }) => examples),
    parts.every(({ complete }) => complete),
  );
}

function evaluationOf(examples: readonly ExampleLoss[], complete: boolean): Evaluation {
  const predictions = examples.reduce((sum, example) => sum + example.predictions, 0);
  const loss = examples.reduce((sum, { nats }) => sum + nats, 0) / predictions;
  return { loss, figures: { perplexity: Math.exp(loss) }, predictions, complete, examples };
}

function interrupted(): LoamError {
  return new LoamError({
    kind: 'interrupted',
    what: 'The evaluation was stopped.',
    remedy: 'Start it again when you like.',
  });
}
