/** The texts of the screen Run. */
export const strings = {
  title: 'Run',
} as const;
