import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Writes tokenizer.json and tokenizer_config.json into a folder, which is made when it is missing. Each file is there
 * whole or not at all: it is written under another name, brought to the disk, and renamed.
 */
export async function saveTokenizer(tokenizer: Tokenizer, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, 'tokenizer.json'), tokenizer.toJson());
  await writeWhole(join(folder, 'tokenizer_config.json'), tokenizerConfig(tokenizer));
  await synchronise(folder);
}

/**
 * What `transformers` needs besides tokenizer.json: a class that takes that file as it is, and the token that ends a
 * text, which also begins one when text is generated from nothing.
 */
export function tokenizerConfig(tokenizer: Tokenizer): string {
  const endOfText = tokenizer.tokenText(tokenizer.endOfText);
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: endOfText,
    eos_token: endOfText,
    clean_up_tokenization_spaces: false,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.partial-${process.pid}`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Brings the names in a folder to the disk. Windows does it by itself and refuses to open folders. */
async function synchronise(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
