/** The texts of the screen Runs. */
export const strings = {
  title: 'Runs',
} as const;
