import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { useRoleNames } from '@/components/roleNames';
import { useSession } from '@/lib/session/session';
import classes from './Account.module.css';
import { OffersSection } from './OffersSection';
import { PasswordSection } from './PasswordSection';
import { SessionsSection } from './SessionsSection';

/** One's own account: password, sessions. Further sections on security go between the two. */
export function AccountPage() {
  const { t } = useTranslation();
  const roleName = useRoleNames();
  const { username, roles } = useSession();
  return (
    <Page title={t('account.title')}>
      <section className={classes.section}>
        <p>
          {t('account.signedInAs', { username })}{' '}
          {t('account.rolesOf', { roles: roles.map(roleName).join(', ') })}
        </p>
      </section>
      <OffersSection />
      <PasswordSection />
      <SessionsSection />
    </Page>
  );
}
