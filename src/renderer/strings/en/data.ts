/** The texts of the screen Data. */
export const strings = {
  title: 'Data',
} as const;
