/** The texts of the screen Settings. */
export const strings = {
  title: 'Settings',
} as const;
