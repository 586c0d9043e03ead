/** The texts of the screen Evaluate. */
export const strings = {
  title: 'Evaluate',
} as const;
