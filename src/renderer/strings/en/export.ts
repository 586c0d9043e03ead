/** The texts of the screen Export. */
export const strings = {
  title: 'Export',
} as const;
