import { openTokenSequence, type TokenSequence } from '../token-sequence.ts';
import { tokenDtype } from '../token-index.ts';
import type { ExampleColumn, ExamplePart } from './example-index.ts';

/** The examples of one part of the data, read by their numbers. */
export interface ExampleSplit {
  /** How many there are; each is of one document. */
  readonly documents: number;
  /** Tokens of all texts. */
  readonly tokens: number;
  /** UTF-8 bytes of all texts. */
  readonly bytes: number;
  /** How many values an example has in a column. */
  length(column: string, example: number): number;
  /** An example's values in a column. @param most the first so many */
  read(column: string, example: number, most?: number): Uint32Array;
}

interface OpenColumn {
  readonly values: TokenSequence;
  readonly ends: TokenSequence | undefined;
}

/** @throws LoamError when a file is missing or has another size than the index says */
export function openPart(
  folder: string,
  columns: readonly ExampleColumn[],
  part: ExamplePart,
): ExampleSplit & { close(): void } {
  const open = new Map<string, OpenColumn>();
  const close = (): void => {
    for (const { values, ends } of open.values()) {
      values.close();
      ends?.close();
    }
  };
  try {
    for (const { name, below } of columns) {
      const { values, ends } = part.columns[name]!;
      const opened = openTokenSequence({
        folder,
        shards: values,
        dtype: tokenDtype(below),
        vocabularySize: below,
      });
      open.set(name, { values: opened, ends: undefined });
      if (ends !== undefined)
        open.set(name, {
          values: opened,
          ends: openTokenSequence({ folder, shards: ends, dtype: 'uint32', vocabularySize: 2 ** 32 }),
        });
    }
  } catch (error) {
    close();
    throw error;
  }
  const bounds = (column: string, example: number): readonly [start: number, end: number] => {
    const { ends } = open.get(column)!;
    if (ends === undefined) return [example, example + 1];
    const [before, end] = example === 0 ? [0, ends.read(0, 1)[0]!] : ends.read(example - 1, 2);
    return [before!, end!];
  };
  return {
    documents: part.examples,
    tokens: part.tokens,
    bytes: part.bytes,
    length: (column, example) => {
      const [start, end] = bounds(column, example);
      return end - start;
    },
    read: (column, example, most = Infinity) => {
      const [start, end] = bounds(column, example);
      return open.get(column)!.values.read(start, Math.min(most, end - start));
    },
    close,
  };
}
