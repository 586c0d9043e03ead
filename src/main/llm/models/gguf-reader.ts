import type { ModelShape } from '../../../shared/models/model-shape.ts';

/** The keys and values at a GGUF file's head, by their full names. What a value is, its reader checks. */
export type GgufMetadata = ReadonlyMap<string, unknown>;

/** How a tensor of a GGUF file lies in comparison with the parameter that it is. */
export type GgufArrangement =
  | { readonly kind: 'same' }
  /** The parameter's matrix has rows and columns exchanged. */
  | { readonly kind: 'transposed' }
  /** Rows of each head were interleaved for another way of turning rotary pairs: first half and second half in turn. */
  | { readonly kind: 'interleavedHeads'; readonly heads: number };

/** Where a parameter is in a GGUF file. */
export interface GgufPlace {
  readonly tensor: string;
  readonly arrangement: GgufArrangement;
}

/** Reads the models of one `general.architecture` of GGUF. */
export interface GgufReader<Shape extends ModelShape = ModelShape> {
  /**
   * The shape of the model that a file holds.
   * @param tensors the shapes of its tensors, the slowest axis first
   * @throws LoamError naming what is missing, or cannot be computed
   */
  shape(
    metadata: GgufMetadata,
    tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>,
    where: string,
  ): Shape;
  /** Where each parameter is, by its Hugging Face name. */
  places(shape: Shape): ReadonlyMap<string, GgufPlace>;
}
