import type { RunConfiguration, TokenizerConfiguration } from '../../../shared/runs/configuration.ts';
import { declarationOf, loadObjective } from '../../llm/objectives/registry.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import type { Project } from '../projects/projects.ts';
import { contentsOf, readDatasetVersion } from '../datasets/dataset-rows.ts';
import { isPlain } from '../datasets/dataset-version.ts';
import { requireDataset } from '../datasets/datasets.ts';
import { tokensHash } from '../datasets/encoded-datasets.ts';
import { labelsFor, needsConversations } from '../datasets/objective-needs.ts';
import type { DatasetRow } from '../store/datasets.ts';
import { listTokenSetsOfDataset, learningOfTokens, type TokenSetRow } from '../store/token-sets.ts';
import { listTokenizerRows, type TokenizerRow } from '../store/tokenizers.ts';
import { openTokenizer, requireTokenizer } from '../tokenizers/tokenizers.ts';
import type { PlannedStart } from './planned-start.ts';

/** A dataset as a run will see it. */
export interface TextEstimate {
  readonly bytes: number;
  readonly trainTokens: number;
  readonly validationTokens: number;
  readonly counted: boolean;
  readonly vocabularySize: number;
  /** Documents of the dataset, where they were counted. */
  readonly documents: number | undefined;
  /** Whether each document is an example of its own. */
  readonly documentsApart: boolean;
  /** The classes, where the objective needs labels. */
  readonly labels?: readonly string[];
  /** The tokenizer that will be used, where it exists already. */
  readonly tokenizer: TokenizerRow | undefined;
}

/** Different characters of an ordinary text in one language, for a character tokenizer that is yet to be learnt. */
const usualCharacters = 100;

/** UTF-8 bytes of a character of ordinary text in the Latin alphabet. */
const bytesOfCharacter = 1.02;

/**
 * UTF-8 bytes that a token of a byte-level BPE stands for, by the size of its vocabulary: a fit to English text, from 2.3
 * at 512 tokens to 4.2 at GPT-2's 50,257.
 */
function bytesOfToken(kind: TokenizerRow['kind'], vocabularySize: number): number {
  return kind === 'char' ? bytesOfCharacter : Math.max(1, 0.42 * Math.log(vocabularySize) - 0.3);
}

/** The tokenizer that a run would use, where there is one already: see `findOrTrainTokenizer`. */
function findTokenizer(
  project: Project,
  datasetId: number,
  named: string | undefined,
  configuration: TokenizerConfiguration,
): TokenizerRow | undefined {
  if (named !== undefined) return requireTokenizer(project, named);
  const settings = JSON.stringify(configuration);
  return listTokenizerRows(project.store).find(
    (row) => row.datasetId === datasetId && row.settingsJson === settings,
  );
}

/**
 * How many tokens a dataset is: counted where it was encoded with the tokenizer before; else from its bytes and, where it
 * was encoded with another tokenizer, from what that one made of it.
 * @param start the model that the run begins with; its tokenizer may not be in the project yet
 * @throws LoamError when there is no such dataset or tokenizer.
 */
export async function estimateText(
  project: Project,
  dataset: string,
  tokenizerName: string | undefined,
  { objective, tokenizer: configuration, data }: Pick<RunConfiguration, 'objective' | 'tokenizer' | 'data'>,
  start?: Pick<PlannedStart, 'tokenizer' | 'shape'>,
): Promise<TextEstimate> {
  const row = requireDataset(project, dataset);
  const { id } = row;
  const bytes = textBytes(project, row);
  const own = start?.tokenizer;
  const tokenizer =
    own === undefined
      ? findTokenizer(project, id, tokenizerName, configuration)
      : listTokenizerRows(project.store).find(({ hash }) => hash === own.hash);
  const kind = own?.kind ?? tokenizer?.kind ?? configuration.kind;
  const vocabularySize =
    own?.vocabularySize ??
    tokenizer?.vocabularySize ??
    (kind === 'char' ? usualCharacters : configuration.vocabularySize);
  const known = listTokenSetsOfDataset(project.store, id);
  const labels = await labelsFor(project, readDatasetVersion(project, id), {
    objective,
    labels: start?.shape.labels,
  });
  const described = {
    bytes,
    vocabularySize,
    tokenizer,
    documents: row.documents ?? undefined,
    documentsApart: declarationOf(objective).examples !== undefined,
    ...(labels === undefined ? {} : { labels }),
  };

  const encodesWith =
    own ?? (tokenizer === undefined ? undefined : await describeTokenizer(project, tokenizer));
  const wanted =
    // What a template makes of records is known only once it was asked.
    encodesWith === undefined || known.length === 0 || needsConversations(objective)
      ? undefined
      : await tokensHash(project, id, encodesWith, data, { objective, labels });
  const exact = known.find(({ hash }) => hash === wanted);
  if (exact !== undefined)
    return {
      ...described,
      counted: true,
      trainTokens: exact.trainTokens,
      validationTokens: exact.validationTokens,
    };

  const total = Math.round(bytes / (await bytesOfTokenHere()));
  const validationTokens = Math.round(total * data.validationFraction);
  return { ...described, counted: false, trainTokens: total - validationTokens, validationTokens };

  /**
   * Bytes that a token stands for: as usual for a tokenizer of this kind, corrected by how far the usual is off for
   * another tokenizer that has encoded this text, or an earlier version of it.
   */
  async function bytesOfTokenHere(): Promise<number> {
    const usual = bytesOfToken(kind, vocabularySize);
    const tokenizers = listTokenizerRows(project.store);
    for (const set of known) {
      const other = tokenizers.find(({ hash }) => hash === set.tokenizerHash);
      if (other === undefined || (other.kind === 'char') !== (kind === 'char')) continue;
      const measured = await measuredBytesOfToken(project, set);
      if (measured !== undefined) return (usual * measured) / bytesOfToken(other.kind, other.vocabularySize);
    }
    return usual;
  }
}

/** Bytes that a token of an encoded text stands for; undefined where the encoded text is gone. */
async function measuredBytesOfToken(
  project: Project,
  { hash, settingsJson }: TokenSetRow,
): Promise<number | undefined> {
  try {
    const { examples } = await loadObjective(learningOfTokens(settingsJson).objective);
    const { train, validation } = await examples.count(project.paths.tokens(hash));
    const tokens = train.tokens + validation.tokens;
    return tokens === 0 ? undefined : (train.bytes + validation.bytes) / tokens;
  } catch {
    return undefined;
  }
}

/** Which token ends a document, by tokenizer: it takes reading the tokenizer's files, which never change. */
const endsOfText = new Map<string, number>();

async function describeTokenizer(
  project: Project,
  { name, hash }: TokenizerRow,
): Promise<Pick<Tokenizer, 'hash' | 'endOfText'>> {
  const endOfText = endsOfText.get(hash) ?? (await openTokenizer(project, name)).endOfText;
  endsOfText.set(hash, endOfText);
  return { hash, endOfText };
}

/** Bytes of the text itself: tables have more in their files than is trained on, and recipes take some out. */
function textBytes(project: Project, row: DatasetRow): number {
  return row.characters === null || isPlain(contentsOf(project, row))
    ? row.bytes
    : Math.min(row.bytes, Math.round(row.characters * bytesOfCharacter));
}
