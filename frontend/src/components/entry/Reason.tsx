import { useTranslation } from 'react-i18next';

/** The codes under which sign-in says why it refused or ended something. */
const known = [
  'unknown_name',
  'wrong_password',
  'disabled',
  'locked',
  'too_often',
  'many_callers',
  'session_timed_out',
  'session_lifetime_over',
  'malformed',
  'unknown',
  'password_changed',
  'account_disabled',
  'ended_by_owner',
  'ended_by_admin',
  'raises_himself',
  'person_merged',
] as const;

/** Why something failed or ended, in words; what this app does not know is shown as it is. */
export function Reason({ code }: { code: string }) {
  const { t } = useTranslation();
  const found = known.find((each) => each === code);
  return found ? t(`reasons.${found}`) : code;
}
