import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import { createGenerator, type Generator } from '../../../src/main/llm/generation/generate.ts';
import { gptParameters } from '../../../src/main/llm/models/gpt/parameters.ts';
import { initializeParameters } from '../../../src/main/llm/models/initialize-parameters.ts';
import type { Tokenizer } from '../../../src/main/llm/tokenizers/tokenizer.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import {
  resolveGptShape,
  gptConfigurationSchema,
  type GptShape,
} from '../../../src/shared/models/gpt-configuration.ts';
import { alphabetOf, letterTokenizer } from './letter-tokenizer.ts';

const letters = alphabetOf(40);
const tokenizer = letterTokenizer(letters);
const shape = resolveGptShape(
  gptConfigurationSchema.parse({ modelType: 'gpt2', contextLength: 12, hiddenSize: 16, layers: 1, heads: 2 }),
  41,
);

let engine: Engine;
let generator: Generator;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
  generator = await makeGenerator({});
});
afterAll(() => engine.dispose());

/** A model with random weights, large enough that its texts are varied. */
async function makeGenerator(options: {
  readonly tokenizer?: Tokenizer;
  readonly shape?: GptShape;
  readonly scale?: number;
  readonly endOfText?: readonly number[];
}): Promise<Generator> {
  const ofShape = options.shape ?? shape;
  const extents = new Map(gptParameters(ofShape).map((parameter) => [parameter.name, parameter.shape]));
  const weights: Record<string, ReturnType<Engine['allocate']>> = {};
  for (const { name, data } of initializeParameters(gptParameters(ofShape), 5)) {
    const tensor = engine.allocate('float32', extents.get(name)!);
    await engine.write(
      tensor,
      data.map((value) => (options.scale ?? 15) * value),
    );
    weights[name] = tensor;
  }
  return createGenerator({
    engine,
    shape: ofShape,
    weights,
    tokenizer: options.tokenizer ?? tokenizer,
    endOfText: options.endOfText ?? [],
  });
}

const prompt = letters.slice(0, 4);

describe('writing', () => {
  it('repeats itself for a seed and differs for another', async () => {
    const settings = { prompt, maximumTokens: 8, temperature: 1.5 };
    const first = await generator.generate({ ...settings, seed: 1 });
    expect(await generator.generate({ ...settings, seed: 1 })).toMatchObject({
      text: first.text,
      ids: first.ids,
    });
    expect((await generator.generate({ ...settings, seed: 2 })).text).not.toBe(first.text);
  });

  it('gives the text in pieces that add up to the whole', async () => {
    const pieces: string[] = [];
    const result = await generator.generate({
      prompt,
      maximumTokens: 6,
      onText: (piece) => pieces.push(piece),
    });
    expect(pieces.length).toBe(6);
    expect(pieces.join('')).toBe(result.text);
    expect(result.text).toBe(tokenizer.decode(result.ids));
    expect(result.tokensPerSecond).toBeGreaterThan(0);
  });

  it('begins a document when the prompt is empty', async () => {
    const result = await generator.generate({ maximumTokens: 3, temperature: 0 });
    expect(result.promptTokens).toBe(0);
    expect(result.ids.length).toBe(3);
  });

  it('goes on past the end of the context, from the last half of it', async () => {
    const long = await generator.generate({ prompt, maximumTokens: 60, temperature: 0.9, seed: 3 });
    expect(long.ids.length).toBe(60);
    // After the 12th token the model sees the last 6 alone: a text that begins with those goes on in the same way.
    const all = [...tokenizer.encode(prompt), ...long.ids];
    const greedy = await generator.generate({
      prompt: tokenizer.decode(all.slice(0, 13)),
      maximumTokens: 6,
      temperature: 0,
    });
    const fromHalf = await generator.generate({
      prompt: tokenizer.decode(all.slice(7, 13)),
      maximumTokens: 6,
      temperature: 0,
    });
    expect(greedy.ids).toEqual(fromHalf.ids);
  });

  it('takes a prompt that is longer than the context', async () => {
    const result = await generator.generate({ prompt: letters, maximumTokens: 4, temperature: 0 });
    expect(result.promptTokens).toBe(40);
    expect(result.ids.length).toBe(4);
  });

  it('stops at a stop string and does not show it', async () => {
    const settings = { prompt, maximumTokens: 8, temperature: 0.7, seed: 4 };
    const whole = await generator.generate(settings);
    const stop = whole.text.slice(3, 5);
    const pieces: string[] = [];
    const result = await generator.generate({
      ...settings,
      stop: [stop],
      onText: (piece) => pieces.push(piece),
    });
    expect(result.reason).toBe('stop');
    expect(result.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
    expect(pieces.join('')).toBe(result.text);
  });

  it('ends where the document ends', async () => {
    const whole = await generator.generate({ prompt, maximumTokens: 8, temperature: 0 });
    const ending = await makeGenerator({ endOfText: [whole.ids[2]!] });
    const result = await ending.generate({ prompt, maximumTokens: 8, temperature: 0 });
    expect(result.reason).toBe('endOfText');
    expect(result.ids).toEqual(whole.ids.slice(0, whole.ids.indexOf(whole.ids[2]!)));
    await ending.dispose();
  });

  it('ends when it is cancelled, and keeps what was written', async () => {
    const controller = new AbortController();
    let pieces = 0;
    const result = await generator.generate({
      prompt,
      maximumTokens: 1000,
      signal: controller.signal,
      onText: () => {
        pieces++;
        if (pieces === 5) controller.abort();
      },
    });
    expect(result.reason).toBe('cancelled');
    expect(result.ids.length).toBe(5);
    const after = await generator.generate({ prompt, maximumTokens: 3, temperature: 0 });
    expect(after.reason).toBe('length');
    const before = await generator.generate({ prompt, maximumTokens: 3, signal: AbortSignal.abort() });
    expect(before).toMatchObject({ reason: 'cancelled', text: '', ids: [] });
  });

  it('writes nothing when no tokens are asked for', async () => {
    expect(await generator.generate({ prompt, maximumTokens: 0 })).toMatchObject({
      text: '',
      reason: 'length',
    });
  });

  it('writes one text at a time', async () => {
    const first = generator.generate({ prompt, maximumTokens: 3 });
    await expect(generator.generate({ prompt, maximumTokens: 3 })).rejects.toThrow('writing already');
    await first;
  });
});

describe('characters of several tokens', () => {
  /** One token a byte: every character beyond ASCII takes several. */
  const bytes: Tokenizer = {
    ...tokenizer,
    kind: 'bpe',
    vocabularySize: 257,
    endOfText: 256,
    encode: (text) => Uint32Array.from(new TextEncoder().encode(text)),
    decode: (ids) => new TextDecoder().decode(Uint8Array.from(ids)),
    tokenBytes: (id) => Uint8Array.of(id),
    tokenText: (id) => String(id),
  };

  it('are shown whole, and bytes that are no character as U+FFFD', async () => {
    const byteGenerator = await makeGenerator({ tokenizer: bytes, shape: { ...shape, vocabularySize: 257 } });
    const pieces: string[] = [];
    const result = await byteGenerator.generate({
      prompt: 'é',
      maximumTokens: 40,
      temperature: 2,
      seed: 9,
      onText: (piece) => pieces.push(piece),
    });
    expect(pieces.join('')).toBe(bytes.decode(result.ids));
    expect(result.text).toBe(bytes.decode(result.ids));
    await byteGenerator.dispose();
  });
});

describe('bad input', () => {
  it('is refused with the settings that are out of range', async () => {
    await expect(generator.generate({ temperature: -1, topP: 2 })).rejects.toThrow(/temperature.*topP/);
  });

  it('is a tokenizer with tokens that the model does not know', async () => {
    await expect(makeGenerator({ tokenizer: letterTokenizer(alphabetOf(42)) })).rejects.toThrow(
      '43 tokens and the model knows 41',
    );
  });

  it('is a model whose weights are not numbers', async () => {
    const broken = await makeGenerator({ scale: Number.NaN });
    await expect(broken.generate({ prompt, maximumTokens: 2 })).rejects.toThrow(LoamError);
    await broken.dispose();
  });

  it('never draws tokens that the tokenizer does not know', async () => {
    const few = letterTokenizer(alphabetOf(5));
    const padded = await makeGenerator({ tokenizer: few });
    const result = await padded.generate({ prompt: alphabetOf(2), maximumTokens: 60, temperature: 5 });
    expect(Math.max(...result.ids)).toBeLessThan(6);
    await padded.dispose();
  });
});
