import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Page } from '@/components/Page';
import { unmask } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { type Group, GroupRulesFragmentDocument, GroupsDocument } from './documents';
import { GroupForm } from './GroupForm';
import { GroupRow } from './GroupRow';
import classes from './Groups.module.css';
import { Rings } from './Rings';

/** Which keys belong together, who may take them and for how long, and which hang on one ring. */
export function GroupsPage() {
  const { t } = useTranslation();
  const mayManage = useCan('KEYS_MANAGE');
  const [{ data, error }, ask] = useQuery({ query: GroupsDocument, requestPolicy: 'cache-and-network' });
  const [edited, setEdited] = useState<Group | 'new' | null>(null);
  const groups = data?.keyGroups.edges.map(({ node }) => unmask(GroupRulesFragmentDocument, node));
  return (
    <Page
      title={t('groups.title')}
      aside={
        <div className={classes.aside}>
          <Button variant="default" renderRoot={(props) => <Link {...paths.keys()} {...props} />}>
            {t('keys.all')}
          </Button>
          {mayManage && (
            <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
              {t('groups.add')}
            </Button>
          )}
        </div>
      }
    >
      {error && <FailureNotice failure={failureOf(error)} retry={() => ask()} />}
      {!groups && !error && <SkeletonRows rows={6} />}
      {groups?.length === 0 && (
        <EmptyState title={t('groups.none')} explanation={t('groups.noneExplained')} />
      )}
      {groups && groups.length > 0 && (
        <ul className={classes.list} aria-label={t('groups.title')}>
          {groups.map((group) => (
            <GroupRow key={group.id} group={group} edit={mayManage ? () => setEdited(group) : undefined} />
          ))}
        </ul>
      )}
      <Rings />
      {edited && <GroupForm group={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
    </Page>
  );
}
