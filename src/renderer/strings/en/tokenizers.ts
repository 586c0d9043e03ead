/** The texts of the screen Tokenizer. */
export const strings = {
  title: 'Tokenizer',
} as const;
