import { createShardWriter, type ShardWriter } from '../shard-writer.ts';
import { tokenDtype } from '../token-index.ts';
import type { ExampleColumn, ExamplePart } from './example-index.ts';

/** Writes the examples of one part of the data, column by column. Memory holds a buffer of each column. */
export interface PartWriter {
  readonly examples: number;
  /** Adds values to a column of the example under way. */
  append(column: string, values: ArrayLike<number>): Promise<void>;
  /** Ends the example under way. @param bytes UTF-8 bytes of its text */
  endExample(bytes: number): Promise<void>;
  /** Writes what is left and flushes every file to the disk. */
  finish(): Promise<ExamplePart>;
  /** Closes open files; for when the work is given up. */
  abandon(): Promise<void>;
}

/** A file's size at most, in bytes. */
const shardBytes = 64 * 2 ** 20;

/** Places in a column are kept in 32 bits. */
const placesInColumn = 2 ** 32;

interface ColumnInProgress {
  readonly column: ExampleColumn;
  readonly values: ShardWriter;
  readonly ends: ShardWriter | undefined;
}

/** @param name of the part, which its files begin with */
export function createPartWriter(
  folder: string,
  name: string,
  columns: readonly ExampleColumn[],
): PartWriter {
  const writer = (suffix: string, below: number): ShardWriter =>
    createShardWriter({
      folder,
      name: `${name}-${suffix}`,
      dtype: tokenDtype(below),
      vocabularySize: below,
      shardBytes,
    });
  const inProgress = new Map<string, ColumnInProgress>(
    columns.map((column) => [
      column.name,
      {
        column,
        values: writer(column.name, column.below),
        ends: column.values === 'many' ? writer(`${column.name}-ends`, placesInColumn) : undefined,
      },
    ]),
  );
  const all = [...inProgress.values()];
  let examples = 0;
  let bytes = 0;
  return {
    get examples() {
      return examples;
    },
    async append(column, values) {
      await inProgress.get(column)!.values.append(values);
    },
    async endExample(ofText) {
      examples += 1;
      bytes += ofText;
      for (const { column, values, ends } of all) {
        await ends?.append([values.tokens]);
        if (ends === undefined && values.tokens !== examples)
          throw new Error(`Column ${column.name} has ${values.tokens} values after ${examples} examples.`);
      }
    },
    async finish() {
      const stored: ExamplePart['columns'] = {};
      for (const { column, values, ends } of all)
        stored[column.name] = {
          values: [...(await values.finish())],
          ...(ends === undefined ? {} : { ends: [...(await ends.finish())] }),
        };
      return { examples, tokens: all[0]!.values.tokens, bytes, columns: stored };
    },
    async abandon() {
      for (const { values, ends } of all) {
        await values.abandon();
        await ends?.abandon();
      }
    },
  };
}
