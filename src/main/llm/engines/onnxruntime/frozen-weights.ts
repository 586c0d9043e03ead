import { onnxRuntimeApi } from './c-api.ts';
import { Handle } from './handle.ts';

/**
 * ONNX Runtime's container of packed weights, in which the sessions over the same frozen weights keep one packed copy
 * between them. It lives as long as any session that used it.
 */
export class FrozenWeights {
  #users = 0;
  #container: Handle | undefined;

  /** The container, valid between `acquire` and `release`. */
  get container(): Handle {
    if (this.#container === undefined) throw new Error('The container of packed weights was released.');
    return this.#container;
  }

  /** Every session with frozen weights calls this before it is created, and `release` after it was released. */
  acquire(): void {
    this.#users++;
    const api = onnxRuntimeApi();
    this.#container ??= Handle.create(
      api.CreatePrepackedWeightsContainer,
      api.ReleasePrepackedWeightsContainer,
    );
  }

  release(): void {
    this.#users--;
    if (this.#users > 0) return;
    this.#container?.[Symbol.dispose]();
    this.#container = undefined;
  }
}
