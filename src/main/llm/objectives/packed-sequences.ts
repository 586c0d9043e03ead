/**
 * Which sequences share a row, so that little of a batch is padding: first fit, the longest first (Johnson, "Near-Optimal Bin
 * Packing Algorithms", 1973). The same lengths give the same rows.
 * @param lengths tokens of each sequence, at most `capacity`
 * @returns the numbers of the sequences in each row
 */
export function packSequences(lengths: readonly number[], capacity: number): readonly (readonly number[])[] {
  const longestFirst = [...lengths.keys()].toSorted(
    (one, other) => lengths[other]! - lengths[one]! || one - other,
  );
  const rows: { free: number; readonly sequences: number[] }[] = [];
  for (const sequence of longestFirst) {
    const length = lengths[sequence]!;
    let row = rows.find(({ free }) => free >= length);
    if (row === undefined) {
      row = { free: capacity, sequences: [] };
      rows.push(row);
    }
    row.free -= length;
    row.sequences.push(sequence);
  }
  return rows.map(({ sequences }) => sequences);
}
