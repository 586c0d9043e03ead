/**
 * Tokens on disk: plain integer files with a JSON index, which other programs read as they are (`numpy.fromfile`).
 * `writeTokenShards` makes a folder of them from documents; `openTokenShards` reads it.
 */
export type { TokenIndex } from './token-index.ts';
export {
  writeTokenShards,
  type TokenShardsProgress,
  type WriteTokenShardsOptions,
} from './write-token-shards.ts';
export {
  digestsOfShards,
  openTokenShards,
  readTokenIndex,
  type TokenDataset,
  type TokenSplit,
} from './open-token-shards.ts';
