import { architectureOf } from '../../models/registry.ts';
import { readGgufHeader } from './gguf-header.ts';
import { requireGgufReader } from './gguf-readers.ts';
import { readGgufTokenizer } from './gguf-tokenizer.ts';

/**
 * The files that describe the model of a GGUF file in the form of Hugging Face, by name: what its head says, in the words
 * that everything else here reads. The weights stay in the GGUF file.
 * @throws LoamError when the file cannot be read, or its model or tokenizer cannot be computed
 */
export async function describeGguf(file: string): Promise<ReadonlyMap<string, string>> {
  const { metadata, tensors } = await readGgufHeader(file);
  const shape = requireGgufReader(metadata, file).shape(metadata, tensors, file);
  const { tokenizer, configuration, ids } = readGgufTokenizer(metadata, file);
  const template = metadata.get('tokenizer.chat_template');
  const config = architectureOf(shape).writeConfig(shape, { endOfText: ids.eos_token_id ?? 0, ids });
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['config.json', json(config)],
    ['generation_config.json', json(ids)],
    ['tokenizer.json', tokenizer],
    ['tokenizer_config.json', json(configuration)],
    ...(typeof template === 'string' ? [['chat_template.jinja', template] as const] : []),
  ]);
}
