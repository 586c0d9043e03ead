import { writeModelFolder } from '../../src/main/llm/checkpoints/model-folder.ts';
import { gptParameters } from '../../src/main/llm/models/gpt/parameters.ts';
import { initializeParameters } from '../../src/main/llm/models/initialize-parameters.ts';
import { trainTokenizer } from '../../src/main/llm/tokenizers/train.ts';
import { decodingModel } from '../harness/decoding-models.ts';
import { readParameters, reportResult } from './parameters.ts';

/** Writes an untrained model as a checkpoint that both sides read, with a tokenizer that fills its vocabulary. */
const { model, folder, promptTokens } = readParameters() as {
  model: string;
  folder: string;
  promptTokens: number;
};
const shape = decodingModel(model);

/** As many different characters as it takes; the surrogates' code points are none. */
function* characters(count: number): Generator<string> {
  for (let index = 0; index < count; index += 1) {
    const codePoint = 0x4e00 + index;
    yield String.fromCodePoint(codePoint < 0xd800 ? codePoint : codePoint + 0x800);
  }
}
async function* documents() {
  yield [...characters(shape.vocabularySize - 1)].join('');
}
const tokenizer = await trainTokenizer({
  documents: documents(),
  kind: 'char',
  vocabularySize: 1,
  minimumFrequency: 1,
});
if (tokenizer.vocabularySize !== shape.vocabularySize) throw new Error('The vocabulary has another size.');

const parameters = initializeParameters(gptParameters(shape), 1337);
const order = gptParameters(shape).map(({ name }) => name);
await writeModelFolder(folder, {
  shape,
  tokenizer,
  weights: (name) => {
    const { value, done } = parameters.next();
    if (done === true || value.name !== name)
      throw new Error(`Weights are written in another order than ${order.join(', ')}.`);
    return value.data;
  },
});
const prompt = [...characters(promptTokens)].join('');
reportResult({ prompt, promptIds: [...tokenizer.encode(prompt)] });
