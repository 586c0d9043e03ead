/** What of a model's shape its tokenizer and its examples decide, and no setting. */
export interface ModelVocabulary {
  /** Tokens that the model knows. */
  readonly vocabularySize: number;
  /** Of a model that classifies: the classes, in the order of its outputs. */
  readonly labels?: readonly string[];
}

/**
 * What the shape of every model says, whatever its architecture. An architecture's own shape adds what its layers need;
 * only the architecture reads that.
 */
export interface ModelShape extends ModelVocabulary {
  /** The name under which the architecture is registered. */
  readonly architecture: string;
  /** Tokens that the model sees at once. */
  readonly contextLength: number;
  /** Share of values dropped at random in training, 0 … 0.9. */
  readonly dropout: number;
}
