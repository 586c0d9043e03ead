import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ExportFormat, ExportPlace, ExportSummary } from '../../../shared/exports/export.ts';
import type { OnnxExport } from '../../llm/export/onnx-export.ts';
import { removeFolderAtomically } from '../../llm/files/atomic-folder.ts';
import type { FoundCheckpoint } from '../checkpoints/checkpoints.ts';
import { folderBytes } from '../durable-files.ts';
import { availableThreads } from '../hardware/hardware.ts';
import { forkLauncher, type Launcher } from '../jobs/launcher.ts';
import type { ModelProcedures } from '../jobs/model-protocol.ts';
import { startWorker } from '../jobs/worker-client.ts';
import { fromStoredPath, toStoredPath } from '../projects/paths.ts';
import type { Project } from '../projects/projects.ts';
import { deleteExportRow, insertExport, listExportRows } from '../store/exports.ts';
import { occupationOf, requireFreeFolder } from './export-place.ts';

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
  readonly signal?: AbortSignal;
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
      return exportSafetensors(options, output);
    case 'onnx':
      return exportToOnnx(options, output);
    default:
      return options.format satisfies never;
  }
}

async function exportSafetensors(
  { model, signal, launcher = forkLauncher }: ExportOptions,
  output: string,
): Promise<ExportResult> {
  const worker = startWorker<ModelProcedures>(launcher('model'), 'export');
  try {
    await worker.call('exportSafetensors', { model, output }, signal === undefined ? {} : { signal });
  } finally {
    await worker.close();
  }
  return {
    format: 'safetensors',
    folder: output,
    files: (await readdir(output)).toSorted(),
    bytes: await folderBytes(output),
  };
}

async function exportToOnnx(
  { model, onProgress, signal, launcher = forkLauncher }: ExportOptions,
  output: string,
): Promise<ExportResult> {
  const worker = startWorker<ModelProcedures>(launcher('model'), 'export');
  try {
    const { files, comparison } = await worker.call(
      'exportOnnx',
      { model, output, threads: await availableThreads() },
      {
        ...(onProgress === undefined ? {} : { onEvent: onProgress }),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    return { format: 'onnx', folder: output, files, bytes: await folderBytes(output), comparison };
  } finally {
    await worker.close();
  }
}

/** Where an export goes, and what is there. Default: a folder of the project's exports/ that is named after the model. */
export async function placeExport(
  project: Project,
  checkpoint: FoundCheckpoint,
  format: ExportFormat,
  folder?: string,
): Promise<ExportPlace> {
  const name = checkpoint.imported ?? checkpoint.label;
  const place =
    folder === undefined
      ? join(
          project.paths.exports,
          `${name.replaceAll(/[^\p{L}\p{N}\p{M}._-]+/gu, '-').replace(/^-+/, '')}-${format}`,
        )
      : resolve(project.folder, folder);
  return { folder: place, occupied: await occupationOf(place) };
}

/** Keeps the record of an export that was made. */
export function recordExport(project: Project, checkpoint: FoundCheckpoint, made: ExportResult): void {
  const { format, folder, bytes, files, comparison } = made;
  insertExport(project.store, {
    checkpoint: checkpoint.label,
    format,
    folder: toStoredPath(project.folder, folder),
    bytes,
    filesJson: JSON.stringify(files),
    comparisonJson:
      comparison === undefined
        ? null
        : JSON.stringify({
            maximumDifference: comparison.maximumDifference,
            largestLogit: comparison.largestLogit,
          }),
    createdAt: project.clock().toISOString(),
  });
}

/** The exports that were made, newest first. */
export function listExports(project: Project): readonly ExportSummary[] {
  return listExportRows(project.store).map(({ comparison, ...row }) => {
    const folder = fromStoredPath(project.folder, row.folder);
    return {
      ...row,
      folder,
      present: existsSync(join(folder, 'config.json')),
      ...(comparison === undefined ? {} : { comparison }),
    };
  });
}

/** Takes an export off the list; its folder goes with it where it lies in the project's exports/. */
export async function deleteExport(project: Project, id: number): Promise<{ readonly freedBytes: number }> {
  const made = listExports(project).find((each) => each.id === id);
  if (made === undefined) return { freedBytes: 0 };
  const own = dirname(made.folder) === project.paths.exports && made.present;
  const freedBytes = own ? await folderBytes(made.folder) : 0;
  if (own) await removeFolderAtomically(made.folder);
  deleteExportRow(project.store, id);
  return { freedBytes };
}
