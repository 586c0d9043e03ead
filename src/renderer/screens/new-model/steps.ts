/** The steps of the wizard, in order. */
export const steps = ['goal', 'data', 'model', 'budget', 'review'] as const;
export type Step = (typeof steps)[number];
