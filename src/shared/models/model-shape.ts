/**
 * What the shape of every model says, whatever its architecture. An architecture's own shape adds what its layers need;
 * only the architecture reads that.
 */
export interface ModelShape {
  /** The name under which the architecture is registered. */
  readonly architecture: string;
  /** Tokens that the model knows. */
  readonly vocabularySize: number;
  /** Tokens that the model sees at once. */
  readonly contextLength: number;
  /** Share of values dropped at random in training, 0 … 0.9. */
  readonly dropout: number;
}
