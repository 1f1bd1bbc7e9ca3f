import { useTranslation } from 'react-i18next';

const known = [
  'root',
  'admin',
  'auditor',
  'manager',
  'custodian',
  'member',
  'integrator',
  'screen',
  'wall',
  'workstation',
] as const;

/** The roles that people have; the others are for programs and displays. */
export const rolesOfPeople = known.filter(
  (role) => !['integrator', 'screen', 'wall', 'workstation'].includes(role),
);

/** Gives roles' names in words; one that this app does not know keeps its own. */
export function useRoleNames(): (role: string) => string {
  const { t } = useTranslation();
  return (role) => {
    const found = known.find((each) => each === role);
    return found ? t(`roleNames.${found}`) : role;
  };
}
