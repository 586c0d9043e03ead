import type { ModelCard } from '../../../shared/checkpoints/checkpoint.ts';
import type { EvaluationPreview } from '../../../shared/evaluations/evaluation.ts';
import type { DatasetSummary } from '../../../shared/datasets/dataset.ts';
import type { DocumentDetails, DocumentQuery, DocumentWindow } from '../../../shared/datasets/document.ts';
import type { DatasetExportFormat } from '../../../shared/datasets/export.ts';
import type { ImportInput, ImportOrigin, Inspection } from '../../../shared/datasets/import.ts';
import type { RecipeStep, RecipeStepEffect } from '../../../shared/datasets/recipe.ts';
import type { DatasetStatistics, TokenCount } from '../../../shared/datasets/statistics.ts';
import type { EncodedText, TokenizerComparison, Vocabulary } from '../../../shared/tokenizers/encoding.ts';
import type { PromptPreview } from '../../../shared/chats/chat.ts';
import type { ImportedTokenizer } from '../../../shared/tokenizers/tokenizer.ts';
import type { PlannedStart } from '../training/planned-start.ts';
import type { PromptToPreview } from '../chats/preview-prompt.ts';
import type { VocabularyPage } from '../tokenizers/vocabulary.ts';
import type { TriedStep } from '../datasets/documents/curated-dataset.ts';
import type { ExportedDataset } from '../datasets/export-dataset.ts';
import type { IndexProgress } from '../datasets/document-indexes.ts';
import type { ImportProgress } from '../datasets/staged-sources.ts';

/** What an import tells while it works. */
export type ImportReport =
  | { readonly type: 'progress'; readonly progress: ImportProgress }
  /** A sentence to know about the outcome. */
  | { readonly type: 'notice'; readonly sentence: string };

interface InProject {
  /** The project's folder. */
  readonly project: string;
}

interface OfDataset extends InProject {
  readonly dataset: string;
}

/** The procedures of the reading worker: reading files, and answering questions about documents, tokenizers and models. */
export type ReadingProcedures = {
  readonly import: {
    readonly parameters: InProject & { readonly input: ImportInput };
    readonly event: ImportReport;
    readonly result: DatasetSummary;
  };
  readonly inspect: {
    readonly parameters: InProject & { readonly origin: ImportOrigin };
    readonly event: never;
    readonly result: Inspection;
  };
  readonly makeIndex: {
    readonly parameters: OfDataset;
    readonly event: IndexProgress;
    readonly result: null;
  };
  readonly countTokens: {
    readonly parameters: OfDataset & { readonly tokenizer: string };
    readonly event: { readonly documents: number; readonly total: number };
    readonly result: null;
  };
  readonly documents: {
    readonly parameters: OfDataset & {
      readonly query: DocumentQuery;
      readonly offset: number;
      readonly limit: number;
    };
    readonly event: never;
    readonly result: DocumentWindow;
  };
  readonly document: {
    readonly parameters: OfDataset & { readonly key: string };
    readonly event: never;
    readonly result: DocumentDetails;
  };
  readonly statistics: {
    readonly parameters: OfDataset;
    readonly event: never;
    readonly result: DatasetStatistics;
  };
  readonly exportDataset: {
    readonly parameters: OfDataset & { readonly format: DatasetExportFormat };
    readonly event: never;
    readonly result: ExportedDataset;
  };
  readonly recipe: {
    readonly parameters: OfDataset;
    readonly event: never;
    readonly result: { readonly version: string; readonly steps: readonly RecipeStepEffect[] };
  };
  readonly tryStep: {
    readonly parameters: OfDataset & { readonly step: RecipeStep; readonly position?: number };
    readonly event: never;
    readonly result: TriedStep;
  };
  readonly tokens: {
    readonly parameters: OfDataset & { readonly tokenizer: string };
    readonly event: never;
    readonly result: TokenCount;
  };
  /** Reading a tokenizer of fifty thousand tokens takes longer than whoever answers pages may take for anything. */
  readonly encodeText: {
    readonly parameters: InProject & { readonly tokenizer: string; readonly text: string };
    readonly event: never;
    readonly result: EncodedText;
  };
  readonly previewPrompt: {
    readonly parameters: InProject & PromptToPreview;
    readonly event: never;
    readonly result: readonly PromptPreview[];
  };
  readonly compareTokenizers: {
    readonly parameters: InProject & { readonly names: readonly string[]; readonly text: string };
    readonly event: never;
    readonly result: TokenizerComparison;
  };
  readonly vocabulary: {
    readonly parameters: InProject & VocabularyPage & { readonly tokenizer: string };
    readonly event: never;
    readonly result: Vocabulary;
  };
  readonly importTokenizer: {
    readonly parameters: InProject & {
      readonly name: string;
      readonly from:
        | { readonly kind: 'path'; readonly path: string }
        | { readonly kind: 'uploads'; readonly ids: readonly string[] };
    };
    readonly event: never;
    readonly result: ImportedTokenizer;
  };
  /** Opens a model, which may come from elsewhere, and says what it is. */
  readonly describeModel: {
    readonly parameters: InProject & { readonly reference: string };
    readonly event: never;
    readonly result: ModelCard;
  };
  /** Opens a model that a run is to begin with. */
  readonly describeStart: {
    readonly parameters: InProject & { readonly reference: string };
    readonly event: never;
    readonly result: PlannedStart;
  };
  /** Copies a model made elsewhere into the project. */
  readonly importModel: {
    readonly parameters: InProject & { readonly folder: string; readonly name?: string | undefined };
    readonly event: { readonly done: number; readonly total: number };
    readonly result: { readonly name: string; readonly notes: readonly string[] };
  };
  /** What each part of a dataset is to a model, before anything is measured. */
  readonly previewEvaluation: {
    readonly parameters: InProject & { readonly reference: string; readonly dataset: string };
    readonly event: never;
    readonly result: EvaluationPreview;
  };
};
