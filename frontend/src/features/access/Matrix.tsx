import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { useRoleNames } from '@/components/roleNames';
import type { Permission } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import classes from './Access.module.css';
import { RolesDocument } from './rolesQuery';

/** What each role allows, and how far. */
export function Matrix() {
  const { t } = useTranslation();
  const roleName = useRoleNames();
  const [{ data, error }, ask] = useQuery({ query: RolesDocument });
  const roles = data?.roles ?? [];
  const rights = rightsOf(roles);
  return (
    <section className={classes.section}>
      <h2 id="matrix">{t('access.matrix')}</h2>
      <p>{t('access.matrixExplained')}</p>
      {error && <FailureNotice failure={failureOf(error)} retry={() => ask()} />}
      {!data && !error && <SkeletonRows rows={12} />}
      {data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className={classes.scroll} tabIndex={0} role="region" aria-labelledby="matrix">
          <table className={`${classes.table} ${classes.matrix}`}>
            <thead>
              <tr>
                <th scope="col">{t('access.right')}</th>
                {roles.map(({ name }) => (
                  <th key={name} scope="col">
                    {roleName(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rights.map((permission) => (
                <tr key={permission}>
                  <th scope="row">{t(`permissions.${permission}`)}</th>
                  {roles.map(({ name, grants }) => {
                    const grant = grants.find((each) => each.permission === permission);
                    return <td key={name}>{grant ? t(`scopes.${grant.scope}`) : '–'}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Every right that some role grants, in the order of the role that grants most. */
function rightsOf(roles: { grants: { permission: Permission }[] }[]): Permission[] {
  return [...new Set(roles.flatMap(({ grants }) => grants.map(({ permission }) => permission)))];
}
