/** What windows are read from: a sequence of tokens with random access. */
interface TokenSource {
  read(start: number, count: number): Uint32Array;
}

/** The token ids of windows, row after row: int64 [windows, contextLength], as the model's graphs take them. */
export interface Windows {
  readonly inputIds: BigInt64Array;
  /** The token that follows each input token. */
  readonly targets: BigInt64Array;
}

/**
 * Reads the windows that begin at `starts`, each contextLength + 1 tokens long, as inputs and targets.
 * @param starts offsets in tokens; one row each.
 * @throws RangeError when a window reaches past the end of the split.
 */
export function readWindows(split: TokenSource, starts: readonly number[], contextLength: number): Windows {
  const inputIds = new BigInt64Array(starts.length * contextLength);
  const targets = new BigInt64Array(starts.length * contextLength);
  // Ids fit in 32 bits: writing the low words of the little-endian 64-bit integers makes no BigInt per token.
  const inputWords = new Int32Array(inputIds.buffer);
  const targetWords = new Int32Array(targets.buffer);
  for (const [row, start] of starts.entries()) {
    const window = split.read(start, contextLength + 1);
    let word = 2 * row * contextLength;
    for (let place = 0; place < contextLength; place++, word += 2) {
      inputWords[word] = window[place]!;
      targetWords[word] = window[place + 1]!;
    }
  }
  return { inputIds, targets };
}
