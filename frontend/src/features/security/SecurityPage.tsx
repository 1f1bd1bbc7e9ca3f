import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { SecondFactorSection } from './SecondFactorSection';

/** What protects one's own account. */
export function SecurityPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('security.title')}>
      <SecondFactorSection />
    </Page>
  );
}
