import type { HostTensor } from '../graph/types.ts';
import type { SafetensorsType } from './safetensors-header.ts';

/** What is known of a tensor before it is read. */
export interface WeightEntry {
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  readonly byteLength: number;
}

/** The weights of a model, in one file or several and of whatever form, as one set of named tensors. */
export interface WeightFiles {
  readonly tensors: ReadonlyMap<string, WeightEntry>;
  read(name: string): Promise<HostTensor>;
  /** `length` of a tensor's bytes from `start`, as they are in the file, or as float32 where it keeps them in blocks. */
  readBytes(name: string, start: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}
