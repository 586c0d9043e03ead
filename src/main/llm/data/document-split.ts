import { documentsForSplit } from '../../../shared/datasets/document.ts';
import { combineKeys, keyedHash } from '../random/keyed-permutation.ts';

/**
 * Decides by a document's index alone whether it is kept aside for validation, so that documents added later change
 * nothing for the earlier ones. Of each run of about 1 / fraction documents one is kept, drawn by the seed; the first
 * run draws among its first 20, so that 20 documents always have one kept aside.
 */
export function isValidationDocument(index: number, fraction: number, seed: number): boolean {
  // Run number r holds the indices from ceil(r / fraction) to before ceil((r + 1) / fraction).
  let run = Math.floor(index * fraction);
  while (Math.ceil((run + 1) / fraction) <= index) run += 1;
  while (Math.ceil(run / fraction) > index) run -= 1;
  const first = Math.ceil(run / fraction);
  const length = Math.ceil((run + 1) / fraction) - first;
  const drawn =
    keyedHash(combineKeys(seed, 3), run) % (run === 0 ? Math.min(length, documentsForSplit) : length);
  return index === first + drawn;
}

/**
 * The validation documents of a collection of known, small size: as above, but never none and never all.
 * @param documents at least 2.
 */
export function validationDocuments(documents: number, fraction: number, seed: number): ReadonlySet<number> {
  const all = Array.from({ length: documents }, (_, index) => index);
  const kept = all.filter((index) => isValidationDocument(index, fraction, seed));
  const drawn = keyedHash(combineKeys(seed, 4), documents) % documents;
  if (kept.length === 0) return new Set([drawn]);
  return new Set(kept.length < documents ? kept : kept.filter((index) => index !== drawn));
}
