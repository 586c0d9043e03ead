import { changeLanguage, init, use as addPlugin } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { en } from './en/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'kit';
    resources: typeof en;
    returnNull: false;
  }
}

/** The languages that the window can speak, by code, named in themselves. */
export const languages = { en: 'English' } as const;
export type Language = keyof typeof languages;

const storageKey = 'loam-language';

function isLanguage(value: string | null): value is Language {
  return value !== null && value in languages;
}

/** The language chosen in this window, or else the system's where Loam speaks it. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(storageKey);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.split('-')[0] ?? null).find(isLanguage) ?? 'en';
}

/** Changes the language, now and for the next time. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language);
  await changeLanguage(language);
  document.documentElement.lang = language;
}

/** Makes the texts ready; called once, before anything is drawn. */
export function startLanguage(): void {
  const language = preferredLanguage();
  document.documentElement.lang = language;
  addPlugin(initReactI18next);
  void init({
    lng: language,
    fallbackLng: 'en',
    resources: { en },
    defaultNS: 'kit',
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

/** The languages to choose from, each named in itself. */
export const languageOptions = Object.entries(languages) as readonly (readonly [Language, string])[];

/** The language that the window speaks now. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return isLanguage(i18n.language) ? i18n.language : 'en';
}
