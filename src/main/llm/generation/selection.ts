/**
 * The k-th largest of some values, without sorting them: Hoare's quickselect (1961, "Algorithm 65: Find"), linear on
 * average, on a copy. NaN counts as smaller than everything.
 * @param k from 1 to the number of values
 */
export function selectLargest(values: Float32Array, k: number): number {
  const work = values.map((value) => (Number.isNaN(value) ? -Infinity : value));
  let low = 0;
  let high = work.length - 1;
  const target = k - 1;
  while (low < high) {
    const pivot = medianOfThree(work[low]!, work[(low + high) >>> 1]!, work[high]!);
    let left = low;
    let right = high;
    // Descending: larger values move to the left of the pivot.
    while (left <= right) {
      while (work[left]! > pivot) left++;
      while (work[right]! < pivot) right--;
      if (left > right) break;
      const swapped = work[left]!;
      work[left++] = work[right]!;
      work[right--] = swapped;
    }
    if (target <= right) high = right;
    else if (target >= left) low = left;
    else break;
  }
  return work[target]!;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
