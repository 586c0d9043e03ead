export const specialIdNames = ['bos_token_id', 'eos_token_id', 'pad_token_id'] as const;

/** The ids by which a model's description says how texts begin, end and are filled up, under the names of transformers. */
export type SpecialIds = Readonly<
  Partial<Record<(typeof specialIdNames)[number], number | readonly number[] | null>>
>;
