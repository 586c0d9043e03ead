/** Kinds of personal data that are found by their form. */
export const personalData = ['email', 'phone', 'iban', 'card', 'ip'] as const;
export type PersonalData = (typeof personalData)[number];

/** What stands in a text where one was. */
export const placeholders: Readonly<Record<PersonalData | 'name', string>> = {
  email: '[EMAIL]',
  phone: '[PHONE]',
  iban: '[IBAN]',
  card: '[CARD]',
  ip: '[IP]',
  name: '[NAME]',
};
