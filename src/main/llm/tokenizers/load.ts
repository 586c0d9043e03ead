import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { textFileLimits } from '../../../shared/models/limits.ts';
import { readForeignText, readForeignTextIfThere } from '../files/foreign-file.ts';
import { parseForeignJson } from '../files/foreign-json.ts';
import { byteLevelBpeFromJson } from './byte-level-bpe-json.ts';
import { createByteLevelBpeTokenizer } from './byte-level-bpe.ts';
import { characterTokenizerFromJson } from './character-tokenizer.ts';
import { createForeignTokenizer } from './foreign-tokenizer.ts';
import { gpt2FilesToJson } from './gpt2-files.ts';
import { readTextFrame, withoutPostProcessor } from './text-frame.ts';
import { parseTokenizerFile, type TokenizerFile } from './tokenizer-json.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * The tokenizer in a folder (tokenizer.json, else GPT-2's vocab.json and merges.txt) or in a tokenizer.json itself.
 * A tokenizer_config.json beside it names the token that ends a text.
 *
 * Throws a LoamError when there is none or it is broken.
 */
export async function loadTokenizer(folderOrFile: string): Promise<Tokenizer> {
  const isFolder = await stat(folderOrFile).then(
    (status) => status.isDirectory(),
    () => undefined,
  );
  if (isFolder === undefined) throw missing(folderOrFile, 'There is no such file or folder.');
  if (!isFolder) {
    const json = await readForeignText(folderOrFile, textFileLimits.tokenizer);
    return tokenizerFromJson(json, await readConfig(dirname(folderOrFile)), folderOrFile);
  }

  const file = join(folderOrFile, 'tokenizer.json');
  const json = await readPart(file);
  if (json !== undefined) return tokenizerFromJson(json, await readConfig(folderOrFile), file);

  const vocabulary = await readPart(join(folderOrFile, 'vocab.json'));
  const merges = await readPart(join(folderOrFile, 'merges.txt'));
  if (vocabulary === undefined || merges === undefined) {
    throw missing(folderOrFile, 'The folder has neither a tokenizer.json nor a vocab.json and a merges.txt.');
  }
  const added = await readPart(join(folderOrFile, 'added_tokens.json'));
  const config = await readConfig(folderOrFile);
  return tokenizerFromJson(
    gpt2FilesToJson({ vocabulary, merges, added, config }, folderOrFile),
    config,
    folderOrFile,
  );
}

/** A tokenizer that puts nothing around texts, by its file too. `where` names the tokenizer in errors. */
export function withoutFrame(tokenizer: Tokenizer, where: string): Tokenizer {
  if (tokenizer.frame === undefined) return tokenizer;
  // The end of a text is what it was: it may be known from another file.
  const config = { eos_token: tokenizer.tokenText(tokenizer.endOfText) };
  return tokenizerFromJson(withoutPostProcessor(tokenizer.toJson()), config, where);
}

/** The tokenizer of the text of a tokenizer.json. `where` names it in errors, `config` is its tokenizer_config.json. */
function tokenizerFromJson(json: string, config: unknown, where: string): Tokenizer {
  const file = parseTokenizerFile(json, where);
  const frame = readTextFrame(file.post_processor, where);
  const tokenizer = tokenizerOf(file, json, config, where);
  return frame === undefined ? tokenizer : { ...tokenizer, frame };
}

function tokenizerOf(file: TokenizerFile, json: string, config: unknown, where: string): Tokenizer {
  const definition = byteLevelBpeFromJson(file, json, config, where);
  if (definition !== undefined) return createByteLevelBpeTokenizer(definition);
  return (
    characterTokenizerFromJson(file, json, config, where) ?? createForeignTokenizer(file, json, config, where)
  );
}

async function readConfig(folder: string): Promise<unknown> {
  const file = join(folder, 'tokenizer_config.json');
  const text = await readForeignTextIfThere(file, textFileLimits.tokenizerConfiguration);
  if (text === undefined) return undefined;
  try {
    return parseForeignJson(text);
  } catch (error) {
    throw new LoamError({
      kind: 'input',
      what: `${basename(file)} ${error instanceof Error ? error.message : String(error)}.`,
      where: file,
      remedy: 'Repair or remove it.',
    });
  }
}

function readPart(file: string): Promise<string | undefined> {
  return readForeignTextIfThere(file, textFileLimits.tokenizer);
}

function missing(where: string, what: string): LoamError {
  return new LoamError({
    kind: 'input',
    what,
    where,
    remedy: 'Name a folder that holds a tokenizer, or its tokenizer.json.',
  });
}
