/**
 * How many of a model's parameters are there because of its vocabulary: a row of the embedding for each token, and as many
 * again for the output layer unless both share their weights.
 * @param width the model's hidden size
 */
export function vocabularyParameters(vocabularySize: number, width: number, tiedEmbeddings: boolean): number {
  return vocabularySize * width * (tiedEmbeddings ? 1 : 2);
}
