import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { openModelFolder, writeModelFolder } from '../../llm/checkpoints/model-folder.ts';
import type { OnnxExport } from '../../llm/export/onnx-export.ts';
import { folderBytes } from '../durable-files.ts';
import { availableThreads } from '../hardware/hardware.ts';
import { forkLauncher, type Launcher } from '../jobs/launcher.ts';
import type { ModelProcedures } from '../jobs/model-protocol.ts';
import { startWorker } from '../jobs/worker-client.ts';

/** The forms in which a model leaves Loam. */
export const exportFormats = ['onnx', 'safetensors'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What an export made. */
export interface ExportResult {
  readonly format: ExportFormat;
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
  /** onnx: how far the exported model's logits are from the checkpoint's, at most. */
  readonly comparison?: OnnxExport['comparison'];
}

export interface ExportOptions {
  readonly model: string;
  readonly format: ExportFormat;
  readonly output: string;
  /** Replaces an earlier export in the output folder. */
  readonly replace?: boolean;
  readonly onProgress?: (progress: ModelProcedures['exportOnnx']['event']) => void;
  readonly launcher?: Launcher;
}

/**
 * Writes a model for other programs into a folder, which appears whole or not at all.
 * @throws LoamError when the folder holds something already, or the export does not compute what the checkpoint does.
 */
export async function exportModel(options: ExportOptions): Promise<ExportResult> {
  const output = resolve(options.output);
  await requireFreeFolder(output, options.replace ?? false);
  switch (options.format) {
    case 'safetensors':
      return exportSafetensors(options.model, output);
    case 'onnx':
      return exportToOnnx(options, output);
    default:
      return options.format satisfies never;
  }
}

/** An export replaces the folder it is given, so that folder must not hold anything else. */
async function requireFreeFolder(folder: string, replace: boolean): Promise<void> {
  const entries: readonly string[] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error.code === 'ENOTDIR'
      ? new LoamError(
          {
            kind: 'misuse',
            where: folder,
            what: 'This is a file, not a folder.',
            remedy: 'Name a folder that is not there yet.',
          },
          { cause: error },
        )
      : error;
  });
  if (entries.length === 0) return;
  const isExport = entries.includes('config.json') && entries.includes('tokenizer.json');
  if (isExport && replace) return;
  throw new LoamError({
    kind: 'misuse',
    where: folder,
    what: isExport ? 'There is a model in this folder already.' : 'The folder is not empty.',
    remedy: isExport
      ? 'Add --replace to replace it, or name another folder.'
      : 'Name a folder that is empty or not there yet.',
  });
}

async function exportSafetensors(modelFolder: string, output: string): Promise<ExportResult> {
  const model = await openModelFolder(modelFolder);
  try {
    const { shape, tokenizer, weights } = model;
    await writeModelFolder(output, { shape, tokenizer, weights: (name) => weights.read(name) });
  } finally {
    await model.close();
  }
  return {
    format: 'safetensors',
    folder: output,
    files: (await readdir(output)).toSorted(),
    bytes: await folderBytes(output),
  };
}

async function exportToOnnx(
  { model, onProgress, launcher = forkLauncher }: ExportOptions,
  output: string,
): Promise<ExportResult> {
  const worker = startWorker<ModelProcedures>(launcher('model'), 'export');
  try {
    const { files, comparison } = await worker.call(
      'exportOnnx',
      { model, output, threads: await availableThreads() },
      onProgress === undefined ? {} : { onEvent: onProgress },
    );
    return { format: 'onnx', folder: output, files, bytes: await folderBytes(output), comparison };
  } finally {
    await worker.close();
  }
}
