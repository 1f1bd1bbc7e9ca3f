import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, languageOf, languages } from '@/lib/i18n/i18n';
import classes from './LanguageChoice.module.css';

/** Languages under their own names, which everybody finds. */
const ownNames = { en: 'English', lv: 'Latviešu' } as const;

export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  const current = languageOf(i18n);
  return (
    <fieldset className={classes.choice} aria-label={t('frame.language')}>
      {languages.map((language) => (
        <UnstyledButton
          key={language}
          className={classes.language}
          aria-pressed={language === current}
          aria-label={ownNames[language]}
          lang={language}
          onClick={() => chooseLanguage(i18n, language)}
        >
          {language.toUpperCase()}
        </UnstyledButton>
      ))}
    </fieldset>
  );
}
