/** The GPT with which engines are measured: of some millions of parameters, as a person's first own model is. */
export const benchmarkGpt = { contextLength: 128, hiddenSize: 256, layers: 4, heads: 4 } as const;
