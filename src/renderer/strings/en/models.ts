/** The texts of the screen Models. */
export const strings = {
  title: 'Models',
} as const;
