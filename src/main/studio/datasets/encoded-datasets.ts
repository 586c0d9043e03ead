import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DataConfiguration } from '../../../shared/runs/configuration.ts';
import { usualObjective } from '../../../shared/objectives/usual-objective.ts';
import type { TokenShardsProgress } from '../../llm/data/token-shards.ts';
import type { ExampleCounts } from '../../llm/objectives/example-format.ts';
import { declarationOf, loadObjective } from '../../llm/objectives/registry.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import { removeLeftovers } from '../../llm/files/leftovers.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { folderBytes } from '../durable-files.ts';
import type { Project } from '../projects/projects.ts';
import { keepRecipe } from '../store/recipes.ts';
import { insertTokenSet } from '../store/token-sets.ts';
import { datasetDocuments } from './dataset-documents.ts';
import { readDatasetVersion, type DatasetVersion } from './dataset-rows.ts';
import { isPlain, plainIdentityOf } from './dataset-version.ts';
import {
  conversationsFor,
  labelsFor,
  needsConversations,
  needsLabels,
  requireLabels,
  type Conversations,
  type HashedTokenizer,
  type Learning,
} from './objective-needs.ts';
import { whileSourcesStandStill } from './staging.ts';
import { requireTextsStill, withTextsInUse } from './texts-in-use.ts';

/** Counts up when the same text, tokenizer and settings would give other tokens or another split. */
const encodingVersion = 1;

/**
 * Which documents are kept aside must not depend on a run's seed: runs with different seeds are compared on the same
 * validation text.
 */
const splitSeed = 1;

/** A dataset as the examples of an objective, in tokens, ready to train on. */
export interface EncodedDataset {
  readonly hash: string;
  readonly folder: string;
  readonly counts: ExampleCounts;
  /** The version of the dataset that the tokens are of. */
  readonly version: DatasetVersion;
  /** The classes, where the objective needs labels. */
  readonly labels?: readonly string[];
}

/**
 * The name under which a dataset's tokens are kept: everything that decides them, hashed. Which token ends a document may
 * be said beside tokenizer.json, so that the tokenizer's own hash does not cover it.
 * @param tokenizer all of it, where the objective needs conversations
 * @throws LoamError when the objective needs labels and the dataset cannot be read
 */
export async function tokensHash(
  project: Project,
  datasetId: number,
  tokenizer: HashedTokenizer | Tokenizer,
  data: DataConfiguration,
  learning: Learning = {},
): Promise<string> {
  const version = readDatasetVersion(project, datasetId);
  return hashOfTokens(version, tokenizer, data, {
    objective: learning.objective,
    labels: await labelsFor(project, version, learning),
    conversations: await conversationsFor(learning, tokenizer),
  });
}

function hashOfTokens(
  version: DatasetVersion,
  tokenizer: HashedTokenizer,
  data: DataConfiguration,
  {
    objective = usualObjective,
    labels,
    conversations,
  }: Pick<Learning, 'objective' | 'labels'> & { readonly conversations: Conversations | undefined },
): string {
  const { examples } = declarationOf(objective);
  return createHash('sha256')
    .update(
      JSON.stringify({
        encodingVersion,
        sources: version.sources.map(plainIdentityOf),
        // Plain texts are named by their sources alone, as they were before there were recipes.
        ...(isPlain(version) ? {} : { dataset: version.hash }),
        tokenizer: tokenizer.hash,
        endOfText: tokenizer.endOfText,
        validationFraction: data.validationFraction,
        split: data.split,
        splitSeed,
        // Tokens one after another are named as they were before there were other forms.
        ...(examples === undefined ? {} : { examples }),
        ...(labels === undefined ? {} : { labels }),
        ...(conversations === undefined
          ? {}
          : { template: conversations.template.identity, contextLength: conversations.contextLength }),
      }),
    )
    .digest('hex');
}

/**
 * Encodes a dataset with a tokenizer, unless that was done before: as it is at this moment, or a version that was encoded
 * before.
 * @throws LoamError when its texts were deleted, and what reading them throws.
 */
export async function encodeDataset(
  project: Project,
  datasetId: number,
  tokenizer: Tokenizer,
  data: DataConfiguration,
  options: {
    readonly onProgress?: (progress: TokenShardsProgress) => void;
    readonly signal?: AbortSignal;
    /** Default: the one that holds now. */
    readonly version?: DatasetVersion;
  } & Learning = {},
): Promise<EncodedDataset> {
  const version = options.version ?? readDatasetVersion(project, datasetId);
  const { objective = usualObjective } = options;
  const { examples } = await loadObjective(objective);
  const labels = await labelsFor(project, version, options, options.signal);
  const conversations = await conversationsFor(options, tokenizer);
  const hash = hashOfTokens(version, tokenizer, data, { objective, labels, conversations });
  const folder = project.paths.tokens(hash);
  const indexFile = join(folder, 'index.json');
  return withTextsInUse(project, datasetId, 'the turning of its texts into tokens', encode);

  async function encode(): Promise<EncodedDataset> {
    for (;;) {
      const counts = existsSync(indexFile) ? await examples.count(folder) : await write();
      if (await whileSourcesStandStill(project, () => keep(counts)))
        return { hash, folder, counts, version, ...(labels === undefined ? {} : { labels }) };
    }
  }

  /** @returns whether the tokens are still there: another dataset that they were of may just have been deleted. */
  function keep({ train, validation }: ExampleCounts): boolean {
    if (!existsSync(indexFile)) return false;
    project.store.transaction(() => {
      requireTextsStill(project, datasetId);
      insertTokenSet(project.store, {
        hash,
        datasetId,
        tokenizerHash: tokenizer.hash,
        settingsJson: JSON.stringify({ ...data, seed: splitSeed, encodingVersion, objective, labels }),
        trainTokens: train.tokens,
        validationTokens: validation.tokens,
        createdAt: project.clock().toISOString(),
      });
      keepRecipe(project.store, datasetId, version.hash, version.recipe);
    });
    return true;
  }

  async function write(): Promise<ExampleCounts> {
    // The labels that a model has say nothing about the documents.
    if (labels !== undefined && options.labels !== undefined)
      await requireLabels(project, version, objective, options.signal);
    await mkdir(dirname(folder), { recursive: true });
    await removeLeftovers(dirname(folder));
    return examples.write({
      documents: datasetDocuments(project, version, {
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        withLabels: needsLabels(objective),
        withFields: declarationOf(objective).needs?.includes('fields') ?? false,
        withConversations: needsConversations(objective),
      }),
      ...(labels === undefined ? {} : { labels }),
      ...(conversations === undefined ? {} : { conversations }),
      tokenizer,
      folder,
      split: { mode: data.split, validationFraction: data.validationFraction, seed: splitSeed },
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }
}

/** Removes tokens that the store knows no more. @returns the bytes that this frees. */
export async function removeTokens(project: Project, hashes: readonly string[]): Promise<number> {
  let freedBytes = 0;
  for (const hash of hashes) {
    const folder = project.paths.tokens(hash);
    freedBytes += await folderBytes(folder);
    await removeOwned(project.ownFiles, folder);
  }
  return freedBytes;
}
