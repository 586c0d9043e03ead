import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { dataConfigurationSchema } from '../../../shared/runs/configuration.ts';
import type { Finding, Repair } from '../../../shared/integrity/verification.ts';
import { digestFile, type FileDigest } from '../../llm/files/file-digest.ts';
import { manifestPath, writeManifest } from '../../llm/files/manifest.ts';
import { removeOwned, requireUnlinked } from '../../llm/files/owned-files.ts';
import { findDatasetVersion } from '../datasets/dataset-rows.ts';
import { removeDocumentIndex } from '../datasets/document-indexes.ts';
import { encodeDataset, tokensHash } from '../datasets/encoded-datasets.ts';
import { type Learning, needsConversations } from '../datasets/objective-needs.ts';
import { startFolder } from '../training/start-folder.ts';
import type { Project } from '../projects/projects.ts';
import { completeSummaries, rewindSummaries } from '../store/metric-summaries.ts';
import { findRunRow, listRunRows } from '../store/runs.ts';
import { findTokenSet, learningOfTokens } from '../store/token-sets.ts';
import { writeRunConfiguration } from '../runs/run-configuration-file.ts';
import { listTokenizerRows } from '../store/tokenizers.ts';
import { requireIntactRun } from '../projects/intact-rows.ts';
import { openTokenizer } from '../tokenizers/tokenizers.ts';

/**
 * Makes again what can be made again, and nothing else: what a finding says under `repair`.
 * @param onRepair told of each before it is begun.
 */
export async function repairProject(
  project: Project,
  findings: readonly Finding[],
  {
    signal,
    onRepair,
  }: { readonly signal?: AbortSignal; readonly onRepair?: (finding: Finding) => void } = {},
): Promise<readonly Repair[]> {
  const repairs: Repair[] = [];
  const done = new Set<string>();
  for (const finding of findings) {
    const { repair, what, path } = finding;
    // A folder of which several files are damaged is made again once.
    const place = `${repair?.kind} ${repair?.kind === 'tokens' ? path.split('/').slice(0, 2).join('/') : what}`;
    if (repair === undefined || done.has(place)) continue;
    done.add(place);
    signal?.throwIfAborted();
    onRepair?.(finding);
    const failure = await repairOne(project, finding, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      // What cannot be made again keeps nothing else from being.
      if (error instanceof LoamError) return error.message;
      throw error;
    });
    repairs.push({
      what,
      path,
      repaired: failure === undefined,
      outcome: failure ?? outcomes[repair.kind],
    });
  }
  return repairs;
}

const outcomes: Readonly<Record<NonNullable<Finding['repair']>['kind'], string>> = {
  index: 'Removed; it is made again when its dataset is opened.',
  tokens: 'Encoded again from the sources.',
  summaries: 'Computed again from the steps.',
  configuration: 'Written again from the store.',
  manifest: 'The hashes of its files, as they are now, are kept from now on.',
};

/** @returns why it was not done, in a sentence; undefined where it was. */
async function repairOne(
  project: Project,
  { repair, path }: Finding,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const kind = repair?.kind;
  switch (kind) {
    case undefined:
      return undefined;
    case 'index':
      await removeDocumentIndex(project, join(project.folder, path));
      return undefined;
    case 'manifest':
      await addManifest(project.folder, join(project.folder, path), signal);
      return undefined;
    case 'summaries':
      for (const { id } of listRunRows(project.store)) {
        rewindSummaries(project.store, id, 0);
        await completeSummaries(project.store, id);
      }
      project.store.acceptTables(['metricSummaries']);
      return undefined;
    case 'configuration': {
      const run = findRunRow(project.store, path.split('/')[1] ?? '');
      if (run === undefined) return 'The store does not know the run.';
      requireIntactRun(project, run.id);
      await writeRunConfiguration(project, run);
      return undefined;
    }
    case 'tokens':
      return encodeAgain(project, path.split('/')[1] ?? '', signal);
    default:
      return kind satisfies never;
  }
}

/** @throws LoamError where a link stands on the way: what is behind it is not the project's. */
async function addManifest(
  projectFolder: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  requireUnlinked(projectFolder, join(folder, manifestPath));
  const files = new Map<string, FileDigest>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const name = relative(folder, file).split(sep).join('/');
    if (!entry.isFile() || name === manifestPath || basename(name).startsWith('.')) continue;
    files.set(name, await digestFile(file, signal === undefined ? {} : { signal }));
  }
  await writeManifest(folder, files);
}

async function encodeAgain(
  project: Project,
  hash: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const set = findTokenSet(project.store, hash);
  const folder = project.paths.tokens(hash);
  if (set === undefined) {
    await removeOwned(project.ownFiles, folder);
    return undefined;
  }
  const tokenizerName = listTokenizerRows(project.store).find((row) => row.hash === set.tokenizerHash)?.name;
  if (tokenizerName === undefined)
    return 'The tokenizer that made them is not in the project any more (an imported model’s, perhaps): measure that model again, and they are made.';
  const tokenizer = await openTokenizer(project, tokenizerName);
  const data = dataConfigurationSchema.parse(pick(JSON.parse(set.settingsJson)));
  const options = signal === undefined ? {} : { signal };
  const run = listRunRows(project.store).find((row) => row.tokensHash === hash);
  const version =
    run === undefined ? undefined : findDatasetVersion(project, run.datasetId, run.provenance.dataset.hash);
  const known = learningOfTokens(set.settingsJson);
  if (run === undefined && needsConversations(known.objective))
    return 'They are of a model that was measured: measure it again, and they are made.';
  const learning: Learning =
    run === undefined
      ? known
      : {
          ...known,
          modelFolder: startFolder(project.paths.run(run.name)),
          contextLength: run.configuration.model.contextLength,
        };
  if (version === undefined && (await tokensHash(project, set.datasetId, tokenizer, data, learning)) !== hash)
    return 'The dataset no longer holds the texts that they were made from, so they stay as they are.';
  await removeOwned(project.ownFiles, folder);
  await encodeDataset(project, set.datasetId, tokenizer, data, {
    ...options,
    ...learning,
    ...(version === undefined ? {} : { version }),
  });
  return existsSync(folder) ? undefined : 'They were not made again.';
}

/** Of the settings that are kept with tokens, those that a configuration has. */
function pick(settings: unknown): unknown {
  if (typeof settings !== 'object' || settings === null) return {};
  const known = Object.keys(dataConfigurationSchema.parse({}));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => known.includes(name)));
}
