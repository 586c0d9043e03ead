import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExternalLocation } from '../../graph/serialize.ts';
import { onnxRuntimeApi } from './c-api.ts';
import { Handle } from './handle.ts';

const placeholderName = 'weights';

/**
 * What the sessions with frozen weights of one engine share: ONNX Runtime's container of packed weights, so that two
 * sessions over the same weights keep one packed copy, and the placeholder file. A model's initialisers must be whole
 * before AddInitializer replaces them, so all of them name one sparse file of zeros: it occupies no disk blocks and is
 * never read. Both live as long as any session that used them.
 */
export class FrozenWeights {
  #users = 0;
  #container: Handle | undefined;
  #folder: Promise<string> | undefined;
  #length = 0;

  /** ONNX Runtime's container of packed weights, valid between `acquire` and `release`. */
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

  async release(): Promise<void> {
    this.#users--;
    if (this.#users > 0) return;
    this.#container?.[Symbol.dispose]();
    this.#container = undefined;
    const folder = this.#folder;
    this.#folder = undefined;
    this.#length = 0;
    if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
  }

  /** Where initialisers of these lengths (in bytes) may lie, and the folder that holds the file. */
  async placeholders(
    lengths: readonly number[],
  ): Promise<{ folder: string; locations: readonly ExternalLocation[] }> {
    const folder = await this.#placeholderFolder(Math.max(0, ...lengths));
    return { folder, locations: lengths.map((length) => ({ file: placeholderName, offset: 0, length })) };
  }

  async #placeholderFolder(length: number): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'loam-weights-'));
    const folder = await this.#folder;
    if (length > this.#length) {
      this.#length = length;
      const file = await open(join(folder, placeholderName), 'a');
      try {
        await file.truncate(this.#length);
      } finally {
        await file.close();
      }
    }
    return folder;
  }
}
