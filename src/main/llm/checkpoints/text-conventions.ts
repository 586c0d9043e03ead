import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { textFileLimits } from '../../../shared/models/limits.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { readForeignText } from '../files/foreign-file.ts';
import { makeFolder } from '../files/make-folder.ts';
import { saveTokenizer } from '../tokenizers/save.ts';
import { withoutPostProcessor } from '../tokenizers/text-frame.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import type { ConfigTokens } from '../models/architecture.ts';

/**
 * The files of a Hugging Face folder that say how texts are written for its model, besides config.json: the tokenizer with
 * all its tokens, chat templates, the settings that the model generates with. An import takes them over and an export
 * writes them as they are, word for word, so that what Loam has no use for is not lost to the next program.
 */
export type TextConventions = ReadonlyMap<string, string>;

const GENERATION = 'generation_config.json';
const TOKENIZER = 'tokenizer.json';

/** The files by name, and how many bytes each may have. */
const conventionFiles: ReadonlyMap<string, number> = new Map([
  [GENERATION, textFileLimits.description],
  [TOKENIZER, textFileLimits.tokenizer],
  ['tokenizer_config.json', textFileLimits.tokenizerConfiguration],
  ['special_tokens_map.json', textFileLimits.tokenizerConfiguration],
  ['added_tokens.json', textFileLimits.tokenizerConfiguration],
  ['vocab.json', textFileLimits.tokenizer],
  ['merges.txt', textFileLimits.tokenizer],
  ['chat_template.jinja', textFileLimits.description],
  ['chat_template.json', textFileLimits.description],
]);

/** The `generation_config.json` of a model. */
export function toGenerationConfig({ endOfText, ids }: ConfigTokens): Readonly<Record<string, unknown>> {
  return ids ?? { bos_token_id: endOfText, eos_token_id: endOfText, pad_token_id: endOfText };
}

/** Where transformers 5 keeps a model's further templates, each in a file of its own. */
const FURTHER_TEMPLATES = 'additional_chat_templates';
const mostFurtherTemplates = 32;

/** The paths of the conventions that a model folder has, with forward slashes. */
export async function listTextConventions(folder: string): Promise<readonly string[]> {
  const further = await readdir(join(folder, FURTHER_TEMPLATES)).catch(() => []);
  return [
    ...[...conventionFiles.keys()].filter((name) => existsSync(join(folder, name))),
    ...further
      .filter((name) => name.endsWith('.jinja'))
      .toSorted()
      .slice(0, mostFurtherTemplates)
      .map((name) => `${FURTHER_TEMPLATES}/${name}`),
  ];
}

/** Reads a model folder’s conventions. @throws LoamError when a file cannot be read or is longer than such files are. */
export async function readTextConventions(folder: string): Promise<TextConventions> {
  const texts = new Map<string, string>();
  for (const path of await listTextConventions(folder)) {
    const most = conventionFiles.get(path) ?? textFileLimits.description;
    texts.set(path, await readForeignText(join(folder, path), most));
  }
  return texts;
}

/**
 * Writes tokenizer, templates and generation settings into a folder that is there: the given ones, and Loam's own for what
 * is not given. A post-processor that puts tokens around texts is left out where the tokenizer has no frame: a model that was
 * trained here has never seen one.
 * @returns the files' digests, by path.
 */
export async function writeTextConventions(
  folder: string,
  tokenizer: Tokenizer,
  ids: ConfigTokens,
  given: TextConventions = new Map(),
): Promise<ReadonlyMap<string, FileDigest>> {
  const texts = new Map(given);
  if (!texts.has(GENERATION)) texts.set(GENERATION, `${JSON.stringify(toGenerationConfig(ids), null, 2)}\n`);
  const json = texts.get(TOKENIZER);
  if (json !== undefined && tokenizer.frame === undefined) texts.set(TOKENIZER, withoutPostProcessor(json));
  const digests = new Map(await saveTokenizer(tokenizer, folder));
  for (const [path, text] of texts) {
    if (path.startsWith(FURTHER_TEMPLATES)) await makeFolder(join(folder, FURTHER_TEMPLATES));
    const digest = await writeFileAtomically(join(folder, path), (file) =>
      file.write(new TextEncoder().encode(text)),
    );
    digests.set(path, digest);
  }
  return digests;
}
