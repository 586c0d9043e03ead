import {
  openTokenShards,
  readTokenIndex,
  writeTokenShards,
  type TokenIndex,
  type TokenSplit,
} from '../../data/token-shards.ts';
import type { ExampleCounts, ExampleFormat } from '../example-format.ts';

const countsOf = ({ splits: { train, validation } }: TokenIndex): ExampleCounts => ({ train, validation });

/** The tokens of all documents one after another. */
export const tokensInSequence: ExampleFormat<TokenSplit> = {
  write: async (options) => countsOf(await writeTokenShards(options)),
  count: async (folder) => countsOf(await readTokenIndex(folder)),
  open: (folder) => openTokenShards(folder),
};
