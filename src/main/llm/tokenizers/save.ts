import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../files/atomic-file.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { fileError } from '../files/file-errors.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Writes tokenizer.json and tokenizer_config.json into a folder, which is made when it is missing. Each file is there
 * whole or not at all. Throws a LoamError when the folder cannot be written or the disk is full.
 * @returns the files' digests, by name.
 */
export async function saveTokenizer(
  tokenizer: Tokenizer,
  folder: string,
): Promise<ReadonlyMap<string, FileDigest>> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError(error, folder);
  });
  return new Map([
    ['tokenizer.json', await writeText(join(folder, 'tokenizer.json'), tokenizer.toJson())],
    [
      'tokenizer_config.json',
      await writeText(join(folder, 'tokenizer_config.json'), tokenizerConfig(tokenizer)),
    ],
  ]);
}

/**
 * What `transformers` needs besides tokenizer.json: a class that takes that file as it is, and the token that ends a
 * text, which also begins one when text is generated from nothing.
 */
function tokenizerConfig(tokenizer: Tokenizer): string {
  const endOfText = tokenizer.tokenText(tokenizer.endOfText);
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: endOfText,
    eos_token: endOfText,
    clean_up_tokenization_spaces: false,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function writeText(file: string, text: string): Promise<FileDigest> {
  return writeFileAtomically(file, (inProgress) => inProgress.write(new TextEncoder().encode(text)));
}
