import { useTranslation } from 'react-i18next';

const dayMs = 24 * 60 * 60 * 1000;

/** How long tokens last, in days; '' is until they are revoked. */
const lifetimes = ['30', '90', '365', ''] as const;

/** The lifetimes to choose from, in words. */
export function useLifetimes(): { value: string; label: string }[] {
  const { t } = useTranslation();
  return lifetimes.map((value) => ({
    value,
    label: value === '' ? t('tokens.noExpiry') : t('tokens.inDays', { count: Number(value) }),
  }));
}

/** When something chosen now ends; null is never. */
export function expiryOf(days: string): string | null {
  return days === '' ? null : new Date(Date.now() + Number(days) * dayMs).toISOString();
}

/** Networks as they are typed, with commas or lines between them. */
export function networksOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
