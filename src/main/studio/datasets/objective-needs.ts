import { LoamError } from '../../../shared/errors.ts';
import { usualObjective } from '../../../shared/objectives/usual-objective.ts';
import { loadChatTemplate, type ChatTemplate } from '../../llm/conversations/chat-template.ts';
import type { WriteExamplesOptions } from '../../llm/objectives/example-format.ts';
import { declarationOf } from '../../llm/objectives/registry.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import type { Project } from '../projects/projects.ts';
import { readDatasetRow } from '../store/datasets.ts';
import { labelsOfDataset } from './dataset-documents.ts';
import type { DatasetVersion } from './dataset-rows.ts';

/** What of a tokenizer decides under which name tokens are kept. */
export type HashedTokenizer = Pick<Tokenizer, 'hash' | 'endOfText'>;

/** What learns from a dataset, or is measured on it. */
export interface Learning {
  /** Default: the usual one. */
  readonly objective?: string | undefined;
  /** The classes of a model that is there already. Default: those of the dataset, where the objective needs labels. */
  readonly labels?: readonly string[] | undefined;
  /** The folder of the model that learns or is measured: its template writes conversations, where the objective needs these. */
  readonly modelFolder?: string | undefined;
  /** Tokens that a conversation can have. */
  readonly contextLength?: number | undefined;
}

/** How conversations are written. */
export type Conversations = NonNullable<WriteExamplesOptions['conversations']> & {
  readonly template: Pick<ChatTemplate, 'identity'>;
};

/** Whether an objective learns from conversations. */
export const needsConversations = (objective: string = usualObjective): boolean =>
  declarationOf(objective).needs?.includes('conversation') ?? false;

/** @throws LoamError when the objective needs conversations and the model has no template for them */
export async function conversationsFor(
  { objective, modelFolder, contextLength }: Learning,
  tokenizer: HashedTokenizer | Tokenizer,
): Promise<Conversations | undefined> {
  if (!needsConversations(objective)) return undefined;
  if (modelFolder === undefined || contextLength === undefined || !('encode' in tokenizer))
    throw new Error('Conversations are written by the template of a model.');
  const template = await loadChatTemplate(modelFolder, tokenizer);
  if (template !== undefined) return { template, contextLength };
  throw new LoamError({
    kind: 'input',
    where: modelFolder,
    what: 'This model has no chat template: it was not taught to hold conversations, and nothing says how one is written for it.',
    remedy: 'Begin with a model that answers instructions (its folder has a chat_template.jinja).',
  });
}

/**
 * The labels that count; undefined where the objective needs none.
 * @throws LoamError when the dataset cannot be read, or has no labels
 */
export async function labelsFor(
  project: Project,
  version: DatasetVersion,
  { objective = usualObjective, labels }: Learning,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  if (!needsLabels(objective)) return undefined;
  if (labels !== undefined) return labels;
  return requireLabels(project, version, objective, signal);
}

/** @returns the labels of a dataset's documents. @throws LoamError when there are none */
export async function requireLabels(
  project: Project,
  version: DatasetVersion,
  objective: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const found = await labelsOfDataset(project, version, signal);
  if (found.length > 0) return found;
  throw new LoamError({
    kind: 'input',
    where: `dataset '${readDatasetRow(project.store, version.datasetId)?.name ?? ''}'`,
    ...withoutLabels(objective),
  });
}

/** What is wrong with a dataset without labels that such an objective is to learn from. */
export const withoutLabels = (objective: string) => ({
  what: `Its documents have no labels, and "${declarationOf(objective).title}" learns from labels.`,
  remedy: 'Say on its page which column holds the label, or import a table that has one.',
});

export const needsLabels = (objective: string): boolean =>
  declarationOf(objective).needs?.includes('label') ?? false;
