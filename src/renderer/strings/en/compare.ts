/** The texts of the screen Compare. */
export const strings = {
  title: 'Compare',
} as const;
