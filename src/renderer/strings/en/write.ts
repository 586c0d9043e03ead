/** The texts of the screen Write. */
export const strings = {
  title: 'Write',
} as const;
