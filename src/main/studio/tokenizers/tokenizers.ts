import { dirname, join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { freeName } from '../../../shared/names.ts';
import type { TokenizerConfiguration } from '../../../shared/runs/configuration.ts';
import type {
  ImportedTokenizer,
  TokenizerDetails,
  TokenizerSummary,
} from '../../../shared/tokenizers/tokenizer.ts';
import { writeFolderAtomically } from '../../llm/files/atomic-folder.ts';
import { requireIntactFolder, writeManifest } from '../../llm/files/manifest.ts';
import { loadTokenizer, withoutFrame } from '../../llm/tokenizers/load.ts';
import { saveTokenizer } from '../../llm/tokenizers/save.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import { trainTokenizer } from '../../llm/tokenizers/train.ts';
import { datasetDocuments } from '../datasets/dataset-documents.ts';
import { readDatasetVersion, requireDataset } from '../datasets/dataset-rows.ts';
import { withTextsInUse } from '../datasets/texts-in-use.ts';
import { removeLeftovers } from '../../llm/files/leftovers.ts';
import { requireMakerMark } from '../../llm/files/maker-mark.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { folderBytes } from '../durable-files.ts';
import { waitForLock } from '../processes/process-lock.ts';
import { requireValidName, unknownName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import { listRunNamesOfTokenizer } from '../store/runs.ts';
import {
  deleteTokenizerRow,
  findTokenizerRow,
  insertTokenizer,
  listTokenizerRows,
  type TokenizerRow,
} from '../store/tokenizers.ts';

export interface TokenizerProgress {
  readonly phase: 'reading' | 'merging';
  readonly done: number;
  readonly total?: number;
}

export interface TrainTokenizerOptions {
  readonly name: string;
  readonly dataset: string;
  readonly configuration: TokenizerConfiguration;
  readonly onProgress?: (progress: TokenizerProgress) => void;
  /** Told in a sentence when the result is not quite what was asked for. */
  readonly onNotice?: (notice: string) => void;
  readonly signal?: AbortSignal;
}

/** Learns a tokenizer from a dataset and keeps it in the project. */
export async function trainProjectTokenizer(
  project: Project,
  options: TrainTokenizerOptions,
): Promise<TokenizerSummary> {
  project.store.requireWritable();
  const { name, dataset, configuration, onProgress, onNotice, signal } = options;
  requireFreeName(project, name);
  const { id } = requireDataset(project, dataset);
  return withTextsInUse(project, id, `tokenizer ${name}`, async () => {
    const tokenizer = await trainTokenizer({
      documents: documentTexts(project, id),
      ...configuration,
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(onNotice === undefined ? {} : { onNotice }),
      ...(signal === undefined ? {} : { signal }),
    });
    return keepTokenizer(project, {
      name,
      tokenizer,
      datasetId: id,
      settingsJson: JSON.stringify(configuration),
      signal,
    });
  });
}

/**
 * Copies a tokenizer made elsewhere (a Hugging Face tokenizer.json, or vocab.json and merges.txt) into the project. What it
 * puts around texts stays behind: models are trained here on texts as they are, so that a program that puts `<s>` before a
 * prompt would show them what they have never seen.
 */
export async function importTokenizer(
  project: Project,
  name: string,
  path: string,
): Promise<ImportedTokenizer> {
  project.store.requireWritable();
  requireFreeName(project, name);
  const original = await loadTokenizer(path);
  const { frame } = original;
  const kept = await keepTokenizer(project, {
    name,
    tokenizer: withoutFrame(original, path),
    datasetId: null,
    settingsJson: '{}',
  });
  const around = [...(frame?.before ?? []), ...(frame?.after ?? [])].map((id) => original.tokenText(id));
  const notice = `It puts ${[...new Set(around)].join(' and ')} around texts. Models are trained here on texts as they are, so that this was left out.`;
  return { ...kept, notices: around.length === 0 ? [] : [notice] };
}

async function* documentTexts(project: Project, datasetId: number): AsyncGenerator<string> {
  for await (const { text } of datasetDocuments(project, readDatasetVersion(project, datasetId))) yield text;
}

/** @throws LoamError for a name that cannot be one, or that a tokenizer has already. */
export function requireFreeName(project: Project, name: string): void {
  requireValidName('tokenizer', name);
  if (findTokenizerRow(project.store, name) !== undefined)
    throw new LoamError({
      kind: 'input',
      where: `tokenizer '${name}'`,
      what: 'There is a tokenizer of this name already.',
      remedy: 'Choose another name, or delete that tokenizer first.',
    });
}

/** Does work that nobody else on the same tokenizer, in this process or another, is in the middle of. */
async function inTurn<Result>(
  project: Project,
  {
    name,
    signal,
    patience,
  }: { readonly name: string; readonly signal?: AbortSignal | undefined; readonly patience: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const file = join(project.folder, 'locks', `tokenizer-${name}.lock`);
  const lock = await waitForLock(file, `making tokenizer ${name}`, patience, signal);
  if (lock === undefined)
    throw new LoamError({
      kind: 'input',
      where: `tokenizer '${name}'`,
      what: 'Another window or program is making it at this moment.',
      remedy: 'Wait until it has finished.',
    });
  try {
    return await work();
  } finally {
    // Its file stays: who waits has it open already, and would hold a lock on one that nobody else sees.
    lock.release();
  }
}

interface NewTokenizer {
  readonly name: string;
  readonly tokenizer: Tokenizer;
  readonly datasetId: number | null;
  readonly settingsJson: string;
  readonly signal?: AbortSignal | undefined;
}

async function keepTokenizer(project: Project, kept: NewTokenizer): Promise<TokenizerSummary> {
  const { name, tokenizer, datasetId, settingsJson, signal } = kept;
  const target = project.paths.tokenizer(name);
  await inTurn(project, { name, signal, patience: 30_000 }, async () => {
    signal?.throwIfAborted();
    // Learning takes a while: the name may be taken by now, and the other tokenizer's folder must stay.
    requireFreeName(project, name);
    await removeLeftovers(dirname(target));
    // The folder comes first: a row without its folder would be a tokenizer that is not there. A folder without its row,
    // left by a killed process, is replaced by the next tokenizer of the name.
    await writeFolderAtomically(
      target,
      async (folder) => writeManifest(folder, await saveTokenizer(tokenizer, folder)),
      { requireReplaceable: requireMakerMark },
    );
    const { kind, vocabularySize, hash } = tokenizer;
    insertTokenizer(project.store, {
      name,
      kind,
      vocabularySize,
      hash,
      datasetId,
      settingsJson,
      createdAt: project.clock().toISOString(),
    });
    project.log.info('tokenizer kept', { kind, vocabularySize });
  });
  return summarize(project, requireTokenizer(project, name));
}

/** @throws LoamError with the nearest name when there is no such tokenizer. */
export function requireTokenizer(project: Project, name: string): TokenizerRow {
  const row = findTokenizerRow(project.store, name);
  if (row === undefined)
    throw unknownName(
      'tokenizer',
      name,
      listTokenizerRows(project.store).map((each) => each.name),
    );
  return row;
}

function summarize(
  project: Project,
  { name, kind, vocabularySize, hash, datasetName, createdAt }: TokenizerRow,
): TokenizerSummary {
  return {
    name,
    kind,
    vocabularySize,
    hash,
    ...(datasetName === null ? {} : { dataset: datasetName }),
    folder: project.paths.tokenizer(name),
    createdAt,
  };
}

export function listTokenizers(project: Project): readonly TokenizerSummary[] {
  return listTokenizerRows(project.store).map((row) => summarize(project, row));
}

export function showTokenizer(project: Project, name: string): TokenizerSummary {
  return summarize(project, requireTokenizer(project, name));
}

/** A tokenizer with the runs that use it and what it takes on the disk. */
export async function describeTokenizer(project: Project, name: string): Promise<TokenizerDetails> {
  const row = requireTokenizer(project, name);
  return {
    ...summarize(project, row),
    runs: [...listRunNamesOfTokenizer(project.store, row.hash)],
    bytes: await folderBytes(project.paths.tokenizer(row.name)),
  };
}

/** Loads a tokenizer of the project. @throws LoamError when its file is not the one that was kept. */
export async function openTokenizer(project: Project, name: string): Promise<Tokenizer> {
  const row = requireTokenizer(project, name);
  const folder = project.paths.tokenizer(row.name);
  const tokenizer = await loadTokenizer(folder);
  if (tokenizer.hash !== row.hash)
    throw new LoamError({
      kind: 'input',
      where: folder,
      what: 'The tokenizer was changed since it was made, so that models trained with it would read other words.',
      remedy: 'Put the original tokenizer.json back, or import the changed one under another name.',
    });
  // Which token ends a text may stand beside tokenizer.json.
  await requireIntactFolder(folder);
  return tokenizer;
}

/**
 * The tokenizer that a configuration asks for: the one learnt earlier from the same dataset with the same settings, or a
 * new one named after both.
 */
export async function findOrTrainTokenizer(
  project: Project,
  options: Omit<TrainTokenizerOptions, 'name'>,
): Promise<{ readonly tokenizer: TokenizerSummary; readonly created: boolean }> {
  const { dataset, configuration, signal } = options;
  const { id } = requireDataset(project, dataset);
  const base =
    configuration.kind === 'char' ? `${dataset}-char` : `${dataset}-bpe-${configuration.vocabularySize}`;
  // Two runs that are prepared at once want the same one: the second waits, and finds it.
  return inTurn(
    project,
    { name: `${base}.learning`, signal, patience: Number.POSITIVE_INFINITY },
    async () => {
      const settings = JSON.stringify(configuration);
      const known = listTokenizerRows(project.store).find(
        (row) => row.datasetId === id && row.settingsJson === settings,
      );
      if (known !== undefined) return { tokenizer: summarize(project, known), created: false };
      const taken = new Set(listTokenizerRows(project.store).map(({ name }) => name));
      const name = freeName(base, taken);
      return { tokenizer: await trainProjectTokenizer(project, { ...options, name }), created: true };
    },
  );
}

/** Deletes a tokenizer. @throws LoamError when a run was trained with it. */
export async function deleteTokenizer(
  project: Project,
  name: string,
): Promise<{ readonly freedBytes: number }> {
  const row = requireTokenizer(project, name);
  const runs = listRunNamesOfTokenizer(project.store, row.hash);
  if (runs.length > 0)
    throw new LoamError({
      kind: 'input',
      where: `tokenizer '${name}'`,
      what: `It is used by ${runs.join(', ')}.`,
      remedy: 'Delete those runs first, or keep the tokenizer.',
    });
  const folder = project.paths.tokenizer(row.name);
  const freedBytes = await folderBytes(folder);
  deleteTokenizerRow(project.store, row.id);
  await removeOwned(project.ownFiles, folder);
  return { freedBytes };
}
