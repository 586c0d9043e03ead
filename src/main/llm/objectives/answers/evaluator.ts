import { LoamError } from '../../../../shared/errors.ts';
import type { ExampleSplit } from '../../data/examples/open-part.ts';
import type { DeviceTensor, Program } from '../../engines/engine.ts';
import { automaticLossChunks } from '../loss-chunks.ts';
import type { Evaluation, Evaluator, EvaluatorOptions } from '../objective.ts';
import { buildLossGraph } from '../training-graph.ts';
import { microBatchesOf, type BatchForm } from '../batch.ts';
import { conversationBatch, predictionsOf, readExample, type Example } from './batch.ts';
import { answersDeclaration } from './declaration.ts';
import { addAnswersLoss } from './loss.ts';

/** About how many tokens one run of a program sees. */
const aimedTokensAtOnce = 1024;

/** Conversations that are packed together. */
const packedAtOnce = 64;

/** A program for rows of one form. */
interface FormProgram {
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
  const programs = new Map<string, Promise<FormProgram>>();
  const loss = engine.allocate('float32', []);

  async function prepare({ sequenceLength, predictions = sequenceLength }: BatchForm): Promise<FormProgram> {
    const sequences = Math.max(1, Math.floor(aimedTokensAtOnce / sequenceLength));
    const graph = buildLossGraph({ declaration: answersDeclaration, addLoss: addAnswersLoss }, shape, {
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
    return { sequences, program: await engine.compile(graph), inputs };
  }
  const programFor = (form: BatchForm): Promise<FormProgram> => {
    const key = `${form.sequenceLength} ${form.predictions ?? ''}`;
    const known = programs.get(key) ?? prepare(form);
    programs.set(key, known);
    return known;
  };

  /** The summed loss of some conversations, in nats. */
  async function measure(examples: readonly Example[], signal: AbortSignal | undefined): Promise<number> {
    const batch = conversationBatch(examples, { contextLength, predictions: 1 });
    const { sequences, program, inputs } = await programFor(batch);
    let nats = 0;
    for (const part of microBatchesOf(batch, sequences)) {
      if (signal?.aborted === true) throw interrupted();
      for (const [name, { data }] of Object.entries(part.inputs)) await engine.write(inputs[name]!, data);
      await program.run({ ...weights, ...inputs, loss }, signal);
      nats += Number((await engine.read(loss))[0]);
    }
    return nats;
  }

  return Promise.resolve({
    predictionsAtOnce: aimedTokensAtOnce,
    async evaluate({ split, maximumPredictions = Infinity, signal, onProgress }) {
      const total = trainedTokensOf(split);
      // Spread over the split, the same ones each time.
      const stride = Math.max(1, Math.ceil(total / maximumPredictions));
      const chosen: Example[] = [];
      let nats = 0;
      let predictions = 0;
      const flush = async (): Promise<void> => {
        if (chosen.length === 0) return;
        const examples = chosen.splice(0);
        nats += await measure(examples, signal);
        predictions += examples.reduce((sum, example) => sum + predictionsOf(example), 0);
        onProgress?.(predictions);
      };
      for (let number = 0; number < split.documents; number += stride) {
        const example = readExample(split, number);
        if (predictionsOf(example) === 0) continue;
        chosen.push(example);
        if (chosen.length === packedAtOnce) await flush();
      }
      await flush();
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
