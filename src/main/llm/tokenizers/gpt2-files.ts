import { z } from 'zod';
import { parseForeignJson } from '../files/foreign-json.ts';
import { writeOrderedJson } from './ordered-json.ts';
import { beginWith } from './text-frame.ts';
import { bpeModel, brokenTokenizer, readVocabulary, tokenizerFile } from './tokenizer-json.ts';
import { END_OF_TEXT } from './tokenizer.ts';

/** GPT-2's files, of which the last two need not be there. */
export interface Gpt2Files {
  /** vocab.json: an object of tokens and ids. */
  readonly vocabulary: string;
  /** merges.txt: a line "left right" for each merge after a first line "#version: …". */
  readonly merges: string;
  /** added_tokens.json: an object of further tokens and ids. */
  readonly added?: string | undefined;
  /** The contents of tokenizer_config.json. */
  readonly config?: unknown;
}

const configSchema = z.looseObject({
  add_prefix_space: z.boolean().optional(),
  add_bos_token: z.boolean().optional(),
});

/**
 * GPT-2's files as one tokenizer.json (github.com/openai/gpt-2, src/encoder.py; transformers/models/gpt2/tokenization_gpt2.py).
 *
 * Throws a LoamError when a vocabulary is broken or lacks `<|endoftext|>`.
 */
export function gpt2FilesToJson({ vocabulary, merges, added, config }: Gpt2Files, where: string): string {
  const ids = readVocabulary(parseJson(vocabulary, 'vocab.json', where), where);
  const endOfText = ids.get(END_OF_TEXT);
  if (endOfText === undefined) throw brokenTokenizer(where, `The vocabulary has no ${END_OF_TEXT}.`);
  const addedIds =
    added === undefined ? [] : [...readVocabulary(parseJson(added, 'added_tokens.json', where), where)];
  const inOrder = [...ids].sort(([, a], [, b]) => a - b);
  const lines = merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  const settings = configSchema.safeParse(config).data;
  return writeOrderedJson(
    tokenizerFile({
      specialTokens: new Map([
        [endOfText, END_OF_TEXT],
        ...addedIds.map(([token, id]): readonly [number, string] => [id, token]),
      ]),
      preTokenizer: {
        type: 'ByteLevel',
        add_prefix_space: settings?.add_prefix_space === true,
        trim_offsets: true,
        use_regex: true,
      },
      ...(settings?.add_bos_token === true ? { postProcessor: beginWith(END_OF_TEXT, endOfText) } : {}),
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: bpeModel({ vocabulary: new Map(inOrder), merges: lines.map((line) => line.split(' ')) }),
    }),
  );
}

function parseJson(text: string, name: string, where: string): unknown {
  try {
    return parseForeignJson(text);
  } catch (error) {
    throw brokenTokenizer(where, `${name} ${error instanceof Error ? error.message : String(error)}.`);
  }
}
