import type { ChatTemplate } from '../conversations/chat-template.ts';
import type { ExampleIndex, ExamplePart } from '../data/examples/example-index.ts';
import type { TextDocument } from '../data/text-files.ts';
import type { TokenShardsProgress, WriteTokenShardsOptions } from '../data/token-shards.ts';

/** How much there is of a part of the examples. A part that is open for reading says it too. */
export interface SplitCounts {
  readonly documents: number;
  readonly tokens: number;
  /** UTF-8 bytes of the text that the tokens stand for. */
  readonly bytes: number;
}

/** How much there is to train on, and to measure with. */
export interface ExampleCounts {
  readonly train: SplitCounts;
  readonly validation: SplitCounts;
  /** What of the documents is not among them, in sentences. */
  readonly notes?: readonly string[];
}

/** How much there is in a folder of examples, and what of the documents is not in it. */
export function countsOfExamples({ parts: { train, validation }, notes }: ExampleIndex): ExampleCounts {
  const counts = ({ examples, tokens, bytes }: ExamplePart): SplitCounts => ({
    documents: examples,
    tokens,
    bytes,
  });
  return { train: counts(train), validation: counts(validation), notes };
}

export interface WriteExamplesOptions {
  /** With what the objective needs of each besides its text. */
  readonly documents: AsyncIterable<TextDocument>;
  readonly tokenizer: WriteTokenShardsOptions['tokenizer'];
  /** The folder to make, with an `index.json` and a manifest in it. It appears whole or not at all. */
  readonly folder: string;
  readonly split: WriteTokenShardsOptions['split'];
  /** The labels that count, where the objective needs labels: of the data, or of the model that is measured. */
  readonly labels?: readonly string[];
  /** How conversations are written, where the objective learns from these, and how many tokens one can have. */
  readonly conversations?: {
    readonly template: Pick<ChatTemplate, 'markTokens'>;
    readonly contextLength: number;
  };
  readonly onProgress?: (progress: TokenShardsProgress) => void;
  readonly signal?: AbortSignal;
}

/** Examples on disk, open for reading. */
export interface OpenExamples<Split extends SplitCounts = SplitCounts> {
  readonly train: Split;
  readonly validation: Split;
  close(): void;
}

/** How documents become the examples that an objective learns from, and how these are read again. */
export interface ExampleFormat<Split extends SplitCounts> {
  /** @throws LoamError when there is too little, the disk refuses, or on `signal` */
  write(options: WriteExamplesOptions): Promise<ExampleCounts>;
  /** Says how much a folder holds, without reading it all. @throws LoamError when it is damaged or of another form */
  count(folder: string): Promise<ExampleCounts>;
  /** @throws LoamError when the folder is damaged or of another form */
  open(folder: string): Promise<OpenExamples<Split>>;
}
