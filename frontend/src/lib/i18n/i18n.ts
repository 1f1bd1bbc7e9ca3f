import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { store, stored } from '@/lib/storage';
import en from './en.json';
import { isolate } from './isolate';
import lv from './lv.json';

export const languages = ['en', 'lv'] as const;
export type Language = (typeof languages)[number];

/** Makes the translator in the language chosen here before, else the first that the browser asks for. */
export function createTranslator(language: Language = preferred()): i18n {
  const translator = i18next.createInstance();
  translator.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, lv: { translation: lv } },
    // React escapes what is markup; what else a name or a comment must not do to its sentence is seen to here.
    interpolation: { escape: isolate },
    initAsync: false,
  });
  document.documentElement.lang = language;
  return translator;
}

/** Changes the language and remembers the choice. */
export async function chooseLanguage(translator: i18n, language: Language): Promise<void> {
  await translator.changeLanguage(language);
  document.documentElement.lang = language;
  store('language', language);
}

export function languageOf(translator: i18n): Language {
  return languages.find((language) => language === translator.resolvedLanguage) ?? 'en';
}

function preferred(): Language {
  const wished = [stored('language'), ...navigator.languages].map((name) => name?.slice(0, 2));
  return wished.flatMap((name) => languages.filter((language) => language === name))[0] ?? 'en';
}
