/** How a run changes the model that it begins with: its weights, or adapters beside them. */
export const trainingMethods = ['full', 'lora'] as const;
export type TrainingMethod = (typeof trainingMethods)[number];
