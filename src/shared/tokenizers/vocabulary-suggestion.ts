/** The smallest vocabulary that can be trained: every byte, and the end of a document. */
export const smallestVocabulary = 257;
export const largestVocabulary = 1_000_000;

/** Below so many bytes a token, many tokens are seen too seldom to be learnt. */
export const bytesForLearntToken = 60;

/** Sizes offered by a press. */
export const usualVocabularies = [512, 1024, 2048, 4096, 8192, 16_384] as const;

/** The size that is usual for so much text, wherever one is suggested: each token should occur often enough to be learnt. */
export function suggestedVocabulary(bytes: number): number {
  if (bytes < 1024 * bytesForLearntToken) return 512;
  if (bytes < 300_000) return 1024;
  if (bytes < 3_000_000) return 2048;
  if (bytes < 20_000_000) return 4096;
  return bytes < 200_000_000 ? 8192 : 16_384;
}
