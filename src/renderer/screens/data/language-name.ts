import i18next from 'i18next';
import { unknownLanguage } from '../../../shared/datasets/document.ts';

/** "de" → "German", in the window's language; undefined where nobody could tell the language. */
export function languageName(code: string): string | undefined {
  if (code === unknownLanguage) return undefined;
  try {
    return new Intl.DisplayNames([i18next.language], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}
