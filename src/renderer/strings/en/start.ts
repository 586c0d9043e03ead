/** The texts of the screen Start. */
export const strings = {
  title: 'Start',
} as const;
