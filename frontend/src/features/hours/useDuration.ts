import { useTranslation } from 'react-i18next';

/** Writes minutes as hours and minutes. */
export function useDuration(): (minutes: number) => string {
  const { t } = useTranslation();
  return (minutes) => t('hours.duration', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
