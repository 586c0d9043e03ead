import { openModelFolder, writeModelFiles } from '../checkpoints/model-folder.ts';
import { readTextConventions } from '../checkpoints/text-conventions.ts';
import { writeFolderAtomically } from '../files/atomic-folder.ts';
import { requireApart, requireExport, writeExportMark } from './export-mark.ts';

export interface SafetensorsExportOptions {
  /** A model folder in Hugging Face's form: a checkpoint. */
  readonly modelFolder: string;
  /** The folder to make; an earlier export that is there is replaced. */
  readonly outputFolder: string;
  /** Called before each parameter is written; what it throws ends the export, which then leaves nothing behind. */
  readonly beforeParameter?: () => void;
}

/**
 * Exports a model as an ordinary Hugging Face folder without training state.
 * @returns what reading the model undid or chose, in sentences.
 * @throws LoamError when the checkpoint cannot be read, or the place holds something else than an export
 */
export async function exportSafetensors(options: SafetensorsExportOptions): Promise<readonly string[]> {
  const { modelFolder, outputFolder, beforeParameter } = options;
  await requireApart(modelFolder, outputFolder);
  const model = await openModelFolder(modelFolder);
  try {
    const { shape, tokenizer, weights, ids } = model;
    const conventions = await readTextConventions(modelFolder);
    await writeFolderAtomically(
      outputFolder,
      async (folder) => {
        await writeModelFiles(folder, {
          shape,
          tokenizer,
          ids,
          conventions,
          weights: (name) => {
            beforeParameter?.();
            return weights.read(name);
          },
        });
        await writeExportMark(folder);
      },
      { requireReplaceable: requireExport },
    );
    return model.notes;
  } finally {
    await model.close();
  }
}
