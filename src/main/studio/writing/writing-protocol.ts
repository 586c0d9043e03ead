import type { EngineName } from '../../../shared/engines/engine.ts';
import type { GenerationSettingsInput } from '../../../shared/generation/settings.ts';
import type { ChatMessage } from '../../llm/conversations/chat-message.ts';
import type { GenerationResult } from '../../llm/generation/generate.ts';

/** What is loaded. */
export interface LoadedModelDescription {
  readonly modelType: string;
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly parameters: number;
  readonly tokenizerHash: string;
  /** Whether it has a chat template that can be used. */
  readonly chat: boolean;
  /** What of its files was read as something else than they say, or cannot be used, in sentences. */
  readonly notes: readonly string[];
}

/** What a model is to write: from the prompt of the settings, or its next reply in a conversation. */
export interface WritingTask {
  readonly settings: GenerationSettingsInput;
  readonly messages?: readonly ChatMessage[];
}

/** The procedures of the writing worker. Calls are carried out one after another. */
export type WritingProcedures = {
  /** Loads a model folder in place of the one that is loaded. */
  readonly load: {
    readonly parameters: {
      readonly folder: string;
      readonly engine: EngineName;
      readonly threads: number;
      readonly cacheLength?: number;
    };
    readonly event: never;
    readonly result: LoadedModelDescription;
  };
  readonly generate: {
    readonly parameters: WritingTask;
    /** A piece of the text; pieces follow one another. */
    readonly event: { readonly text: string };
    readonly result: GenerationResult;
  };
  readonly unload: { readonly parameters: undefined; readonly event: never; readonly result: undefined };
};
