import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelWeights } from '../../../../src/main/llm/checkpoints/model-folder.ts';
import type { TokenSplit } from '../../../../src/main/llm/data/token-shards.ts';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import {
  createNextTokenEvaluator,
  evaluateNextToken,
} from '../../../../src/main/llm/objectives/next-token/evaluator.ts';
import { parametersOf } from '../../../../src/main/llm/models/registry.ts';
import { END_OF_TEXT, type Tokenizer } from '../../../../src/main/llm/tokenizers/tokenizer.ts';

interface Fixture {
  readonly tokens: readonly number[];
  readonly cases: readonly {
    readonly modelType: string;
    readonly contextLength: number;
    readonly loss: number;
  }[];
}

const fixtures = new URL('../../../fixtures/', import.meta.url);
const fixture = JSON.parse(readFileSync(new URL('evaluation/expected.json', fixtures), 'utf8')) as Fixture;

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

async function loadModel(modelType: string) {
  const { shape, weights } = await openModelWeights(
    fileURLToPath(new URL(`transformers/${modelType}`, fixtures)),
  );
  const tensors: Record<string, DeviceTensor> = {};
  for (const { name, shape: extents } of parametersOf(shape)) {
    tensors[name] = engine.allocate('float32', extents);
    await engine.write(tensors[name], await weights.read(name));
  }
  await weights.close();
  return { engine, shape, weights: tensors };
}

/** Each token stands for as many bytes as its id has digits; token 0 ends a text. */
const digits = (id: number) => (id === 0 ? 0 : String(id).length);
const tokenizer: Tokenizer = {
  kind: 'other',
  vocabularySize: 61,
  endOfText: 0,
  hash: '',
  encode: () => new Uint32Array(),
  decode: () => '',
  tokenBytes: (id) => new Uint8Array(digits(id)),
  tokenText: () => END_OF_TEXT,
  toJson: () => '',
};

function splitOf(tokens: readonly number[]): TokenSplit {
  return {
    tokens: tokens.length,
    bytes: tokens.reduce((sum, id) => sum + digits(id), 0),
    documents: 1,
    read: (start, count) => {
      if (start < 0 || start + count > tokens.length) throw new RangeError('Outside of the split.');
      return Uint32Array.from(tokens.slice(start, start + count));
    },
  };
}

describe('the evaluation', () => {
  it.each(fixture.cases)(
    'of $modelType in windows of $contextLength gives the loss that PyTorch gives',
    async ({ modelType, contextLength, loss }) => {
      const model = await loadModel(modelType);
      const result = await evaluateNextToken({
        ...model,
        contextLength,
        split: splitOf(fixture.tokens),
        tokenizer,
      });
      expect(result.loss).toBeCloseTo(loss, 5);
      expect(result.figures.perplexity).toBeCloseTo(Math.exp(result.loss), 9);
      expect(result.predictions).toBe(fixture.tokens.length - 1);
      expect(result.complete).toBe(true);
    },
  );

  it('counts the bytes of all tokens but the first, and none for an end of text', async () => {
    const model = await loadModel('gpt2');
    const { bytes, figures, loss, predictions } = await evaluateNextToken({
      ...model,
      split: splitOf(fixture.tokens),
      tokenizer,
    });
    expect(bytes).toBe(fixture.tokens.slice(1).reduce((sum, id) => sum + digits(id), 0));
    expect(figures.bitsPerByte).toBeCloseTo((loss * predictions) / Math.LN2 / bytes, 12);
  });

  it('of a part is the mean over windows spread over the split, and says that it is a part', async () => {
    const model = await loadModel('gpt2');
    const evaluator = await createNextTokenEvaluator({ ...model, contextLength: 16, tokenizer });
    const part = await evaluator.evaluate({ split: splitOf(fixture.tokens), maximumPredictions: 48 });
    // 12 whole windows lie in 202 predictions; three of them are taken: 0, 4 and 8.
    const windows = [0, 64, 128].map((start) => fixture.tokens.slice(start, start + 17));
    const losses = [];
    for (const window of windows) losses.push((await evaluator.evaluate({ split: splitOf(window) })).loss);
    await evaluator.dispose();
    expect(part).toMatchObject({ predictions: 48, complete: false });
    expect(part.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 3, 6);
    expect(part.bytes).toBe(
      windows.flatMap((window) => window.slice(1)).reduce((sum, id) => sum + digits(id), 0),
    );
  });

  it('gives the same result each time, and after the weights have changed another one', async () => {
    const model = await loadModel('llama');
    const evaluator = await createNextTokenEvaluator(model);
    const extent = { split: splitOf(fixture.tokens) };
    const first = await evaluator.evaluate(extent);
    expect(await evaluator.evaluate(extent)).toEqual(first);
    const norm = model.weights['model.norm.weight']!;
    await engine.write(norm, new Float32Array(norm.shape[0]!).fill(0.5));
    expect((await evaluator.evaluate(extent)).loss).not.toBe(first.loss);
    await evaluator.dispose();
  });

  it('works on a text that is shorter than a window', async () => {
    const model = await loadModel('gpt2');
    const result = await evaluateNextToken({ ...model, split: splitOf([5, 9]), tokenizer });
    expect(result).toMatchObject({ predictions: 1, bytes: 1, complete: true });
    expect(result.loss).toBeGreaterThan(0);
  });

  it('refuses a text without anything to predict', async () => {
    const model = await loadModel('gpt2');
    await expect(evaluateNextToken({ ...model, split: splitOf([5]) })).rejects.toThrow(
      'has 1 tokens; at least two are needed',
    );
  });

  it('stops when it is told to', async () => {
    const model = await loadModel('gpt2');
    await expect(
      evaluateNextToken({ ...model, split: splitOf(fixture.tokens), signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ kind: 'interrupted' });
  });
});
