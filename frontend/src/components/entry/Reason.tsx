import { useTranslation } from 'react-i18next';
import { reasons } from './reasons';

/** Why something failed or ended, in words; what this app does not know is shown as it is. */
export function Reason({ code }: { code: string }) {
  const { t } = useTranslation();
  const found = reasons.find((each) => each === code);
  return found ? t(`reasons.${found}`) : code;
}
