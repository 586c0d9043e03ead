/** The texts of the screen Activity. */
export const strings = {
  title: 'Activity',
} as const;
