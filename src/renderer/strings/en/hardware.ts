/** The texts of the screen Hardware. */
export const strings = {
  title: 'Hardware',
} as const;
