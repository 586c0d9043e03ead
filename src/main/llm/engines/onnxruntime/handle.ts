import type { Out } from './c-api.ts';

/**
 * An object of ONNX Runtime that this process owns. It is released exactly once, and using it afterwards is an
 * exception instead of a crash.
 */
export class Handle implements Disposable {
  #pointer: bigint | undefined;
  readonly #release: (pointer: bigint) => void;

  private constructor(pointer: bigint | null, release: (pointer: bigint) => void) {
    if (pointer === null) throw new Error('ONNX Runtime made no object and gave no reason.');
    this.#pointer = pointer;
    this.#release = release;
  }

  /**
   * @param make calls the C function that makes the object and leaves its address in the array
   * @param release the C function that releases it
   */
  static create(make: (out: Out<bigint | null>) => void, release: (pointer: bigint) => void): Handle {
    const out: Out<bigint | null> = [null];
    make(out);
    return new Handle(out[0], release);
  }

  /** The same where the object is made on another thread. */
  static async createAsync(
    make: (out: Out<bigint | null>) => Promise<void>,
    release: (pointer: bigint) => void,
  ): Promise<Handle> {
    const out: Out<bigint | null> = [null];
    await make(out);
    return new Handle(out[0], release);
  }

  /** The object's address. */
  get pointer(): bigint {
    if (this.#pointer === undefined) throw new Error('This object of ONNX Runtime was already released.');
    return this.#pointer;
  }

  [Symbol.dispose](): void {
    const pointer = this.#pointer;
    if (pointer === undefined) return;
    this.#pointer = undefined;
    this.#release(pointer);
  }
}
