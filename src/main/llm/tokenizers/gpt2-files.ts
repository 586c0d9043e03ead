import { parseForeignJson } from '../files/foreign-json.ts';
import { writeOrderedJson } from './ordered-json.ts';
import { bpeModel, brokenTokenizer, readVocabulary, tokenizerFile } from './tokenizer-json.ts';
import { END_OF_TEXT } from './tokenizer.ts';

/**
 * GPT-2's two files as one tokenizer.json: vocab.json is an object of tokens and ids, merges.txt has a line
 * "left right" for each merge after a first line "#version: …" (github.com/openai/gpt-2, src/encoder.py).
 *
 * Throws a LoamError when the vocabulary is broken or lacks `<|endoftext|>`.
 */
export function gpt2FilesToJson(vocabularyText: string, mergesText: string, where: string): string {
  const ids = readVocabulary(parseJson(vocabularyText, where), where);
  const endOfText = ids.get(END_OF_TEXT);
  if (endOfText === undefined) throw brokenTokenizer(where, `The vocabulary has no ${END_OF_TEXT}.`);
  const inOrder = [...ids].sort(([, a], [, b]) => a - b);
  const lines = mergesText.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  return writeOrderedJson(
    tokenizerFile({
      specialTokens: new Map([[endOfText, END_OF_TEXT]]),
      preTokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: bpeModel({ vocabulary: new Map(inOrder), merges: lines.map((line) => line.split(' ')) }),
    }),
  );
}

function parseJson(text: string, where: string): unknown {
  try {
    return parseForeignJson(text);
  } catch (error) {
    throw brokenTokenizer(where, `vocab.json ${error instanceof Error ? error.message : String(error)}.`);
  }
}
