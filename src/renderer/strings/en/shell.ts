/** The texts of what stays around every screen. */
export const strings = {
  title: 'Loam',
} as const;
