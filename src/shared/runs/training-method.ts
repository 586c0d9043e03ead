/** How a run changes the model that it begins with: its weights, or adapters beside them. */
export const trainingMethods = ['full', 'lora'] as const;
export type TrainingMethod = (typeof trainingMethods)[number];

/** The settings with which a model that is there already is trained carefully. */
export interface TuningSettings {
  readonly method?: TrainingMethod;
  readonly learningRate: number;
  readonly minimumLearningRate: number;
  readonly warmupSteps: number;
}

/**
 * How a model that is there already is trained where nobody says otherwise: so that it keeps what it knows. Adapters begin at
 * nothing, and need larger steps than weights that are good already (Hu et al., "LoRA", 2021, appendix D).
 */
export function tuningSettings(method: TrainingMethod): TuningSettings {
  switch (method) {
    case 'full':
      return { learningRate: 1e-4, minimumLearningRate: 1e-5, warmupSteps: 50 };
    case 'lora':
      return { method, learningRate: 2e-4, minimumLearningRate: 2e-5, warmupSteps: 20 };
    default:
      return method satisfies never;
  }
}
