import { basename, join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { ImportedTokenizer } from '../../../shared/tokenizers/tokenizer.ts';
import { makeTemporaryFolder } from '../../llm/files/owned-files.ts';
import { copyPrivately } from '../file-permissions.ts';
import type { Project } from '../projects/projects.ts';
import { findUpload, removeUpload } from '../uploads/uploads.ts';
import { importTokenizer } from './tokenizers.ts';

/** The files that a tokenizer is made of; others beside them say nothing about it. */
const tokenizerFiles: ReadonlySet<string> = new Set([
  'tokenizer.json',
  'tokenizer_config.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
]);

/**
 * Takes over a tokenizer whose files a page has uploaded. One file alone is taken for a tokenizer.json whatever it is
 * called. The uploads are removed, whether it worked or not.
 * @throws LoamError when they are no tokenizer.
 */
export async function importUploadedTokenizer(
  project: Project,
  name: string,
  ids: readonly string[],
): Promise<ImportedTokenizer> {
  const { folder, remove } = makeTemporaryFolder('loam-tokenizer-');
  try {
    const files = await Promise.all(ids.map((id) => findUpload(project, id)));
    const [only] = files;
    let copied = 0;
    for (const file of files) {
      const own = basename(file.name);
      const isAlone = files.length === 1 && file === only && own !== 'vocab.json' && own !== 'merges.txt';
      if (!isAlone && !tokenizerFiles.has(own)) continue;
      await copyPrivately(file.path, join(folder, isAlone ? 'tokenizer.json' : own));
      copied++;
    }
    if (copied === 0)
      throw new LoamError({
        kind: 'input',
        where: files.map((file) => file.name).join(', '),
        what: 'None of these files is part of a tokenizer.',
        remedy: 'Choose a tokenizer.json, or vocab.json and merges.txt together.',
      });
    return await importTokenizer(project, name, folder).catch((error: unknown) => {
      // The temporary folder says nothing to a person: the files are called what they were called when they were chosen.
      if (error instanceof LoamError && error.where?.startsWith(folder) === true)
        throw new LoamError(
          {
            kind: error.kind,
            what: error.what,
            where: files.map((file) => file.name).join(', '),
            remedy: error.remedy,
          },
          { cause: error },
        );
      throw error;
    });
  } finally {
    await remove();
    await Promise.all(ids.map((id) => removeUpload(project, id)));
  }
}
