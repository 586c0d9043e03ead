import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type {
  ExportDeletion,
  ExportFormat,
  ExportPlace,
  ExportSummary,
} from '../../../shared/exports/export.ts';
import { exportMarkFile, inspectExport } from '../../llm/export/export-mark.ts';
import type { OnnxExport } from '../../llm/export/onnx-export.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import type { FoundCheckpoint } from '../checkpoints/find-checkpoint.ts';
import { folderBytes } from '../durable-files.ts';
import { firstMissing, shareFolderAsUsual } from '../file-permissions.ts';
import { availableThreads } from '../hardware/hardware.ts';
import { forkLauncher, type Launcher } from '../processes/launcher.ts';
import type { ExportProcedures } from './export-protocol.ts';
import { acquireLock } from '../processes/process-lock.ts';
import { withWorker, type WorkerClient } from '../processes/worker-client.ts';
import { fromStoredPath, projectPaths, toStoredPath } from '../projects/paths.ts';
import { findProjectFolder, type Project } from '../projects/projects.ts';
import { userFolder } from '../settings/user-folder.ts';
import { deleteExportRow, insertExport, listExportRows } from '../store/exports.ts';
import { requireWholePath } from '../typed-paths.ts';
import { requireFreeFolder } from './export-place.ts';

/** What an export made. */
export interface ExportResult {
  readonly format: ExportFormat;
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
  /** onnx: how far the exported model's logits are from the checkpoint's, at most. */
  readonly comparison?: OnnxExport['comparison'];
  /** What reading the model undid or chose, in sentences. */
  readonly notes: readonly string[];
}

export interface ExportOptions {
  readonly model: string;
  readonly format: ExportFormat;
  readonly output: string;
  /** Replaces an earlier export in the output folder. */
  readonly replace?: boolean;
  readonly onProgress?: (progress: ExportProcedures['exportOnnx']['event']) => void;
  readonly signal?: AbortSignal;
  readonly launcher?: Launcher;
}

/**
 * Writes a model for other programs into a folder, which appears whole or not at all.
 * @throws LoamError when the folder holds something already, or the export does not compute what the checkpoint does.
 */
export async function exportModel(options: ExportOptions): Promise<ExportResult> {
  const output = resolve(options.output);
  await requireFreeFolder(options.model, output, options.replace ?? false);
  const made = firstMissing(output) ?? output;
  const result = await whileNobodyElseExports(output, () => write(options, output));
  // What lies in a project is the project's, and private like the rest of it.
  if (!existsSync(projectPaths(findProjectFolder(output)).store)) await shareFolderAsUsual(made);
  return result;
}

function write(options: ExportOptions, output: string): Promise<ExportResult> {
  switch (options.format) {
    case 'safetensors':
      return exportSafetensors(options, output);
    case 'onnx':
      return exportToOnnx(options, output);
    default:
      return options.format satisfies never;
  }
}

/** Holds off other processes that would write the same folder. @throws LoamError when one is at it */
async function whileNobodyElseExports<Result>(output: string, work: () => Promise<Result>): Promise<Result> {
  const key = createHash('sha256').update(output).digest('hex').slice(0, 32);
  const file = join(userFolder(), 'locks', `export-${key}.lock`);
  const lock = acquireLock(file, 'exporting a model');
  if (lock === undefined)
    throw new LoamError({
      kind: 'input',
      where: output,
      what: 'Another export is being written into this folder.',
      remedy: 'Wait until it is done, or name another folder.',
    });
  try {
    return await work();
  } finally {
    // Its file stays: who waits has it open already, and would hold a lock on one that nobody else sees.
    lock.release();
  }
}

async function exportSafetensors(
  { model, signal, launcher = forkLauncher }: ExportOptions,
  output: string,
): Promise<ExportResult> {
  const { notes } = await withWorker(launcher('export'), 'export', (worker: WorkerClient<ExportProcedures>) =>
    worker.call('exportSafetensors', { model, output }, signal === undefined ? {} : { signal }),
  );
  return {
    format: 'safetensors',
    folder: output,
    files: (await readdir(output)).toSorted(),
    bytes: await folderBytes(output),
    notes,
  };
}

async function exportToOnnx(
  { model, onProgress, signal, launcher = forkLauncher }: ExportOptions,
  output: string,
): Promise<ExportResult> {
  const threads = await availableThreads();
  const { files, comparison, notes } = await withWorker(
    launcher('export'),
    'export',
    (worker: WorkerClient<ExportProcedures>) =>
      worker.call(
        'exportOnnx',
        { model, output, threads },
        {
          ...(onProgress === undefined ? {} : { onEvent: onProgress }),
          ...(signal === undefined ? {} : { signal }),
        },
      ),
  );
  return { format: 'onnx', folder: output, files, bytes: await folderBytes(output), comparison, notes };
}

/**
 * Where an export goes, and what is there. Default: a folder of the project's exports/ that is named after the model.
 * @throws LoamError for a path that means no place on this machine
 */
export async function placeExport(
  project: Project,
  checkpoint: FoundCheckpoint,
  format: ExportFormat,
  folder?: string,
): Promise<ExportPlace> {
  const name = checkpoint.imported ?? checkpoint.label;
  if (folder !== undefined) requireWholePath(folder);
  const place =
    folder === undefined
      ? join(
          project.paths.exports,
          `${name.replaceAll(/[^\p{L}\p{N}\p{M}._-]+/gu, '-').replace(/^-+/, '')}-${format}`,
        )
      : resolve(folder);
  return { folder: place, occupied: (await inspectExport(place, 'sizes')).occupied };
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
      ownFolder: isOwnFolder(project, folder),
      ...(comparison === undefined ? {} : { comparison }),
    };
  });
}

/** Whether an export's folder lies where Loam alone puts exports, and bears an export's mark. */
function isOwnFolder(project: Project, folder: string): boolean {
  return dirname(folder) === project.paths.exports && existsSync(join(folder, exportMarkFile));
}

/**
 * Takes an export off the list. Its folder goes with it where it lies in the project's exports/ and holds what the export
 * wrote, and nothing else.
 */
export async function deleteExport(project: Project, id: number): Promise<ExportDeletion> {
  const made = listExports(project).find((each) => each.id === id);
  if (made === undefined) return { freedBytes: 0, folderStays: false };
  const own =
    isOwnFolder(project, made.folder) && (await inspectExport(made.folder, 'contents')).occupied === 'export';
  const freedBytes = own ? await folderBytes(made.folder) : 0;
  if (own) await removeOwned(project.ownFiles, made.folder);
  deleteExportRow(project.store, id);
  return { freedBytes, folderStays: made.present && !own };
}
