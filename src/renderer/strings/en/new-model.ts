/** The texts of the screen New model. */
export const strings = {
  title: 'New model',
} as const;
