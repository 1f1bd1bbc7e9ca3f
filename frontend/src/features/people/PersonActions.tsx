import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { Dialog } from '@/components/Dialog';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { MergeDialog } from './MergeDialog';
import { PersonForm } from './PersonForm';
import { PersonDetailsDocument } from './personQuery';

type Kind = 'edit' | 'merge';

/** What can be done with a person by whoever manages people. */
export function PersonActions({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const mayErase = useCan('PRIVACY_MANAGE');
  const [kind, setKind] = useState<Kind | null>(null);
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('people.actions', { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setKind('edit')}>{t('people.edit')}</Menu.Item>
          <Menu.Item onClick={() => setKind('merge')}>{t('people.merge.open')}</Menu.Item>
          {mayErase && (
            <Menu.Item
              color="red"
              renderRoot={(props) => <Link {...paths.privacy({ erase: id })} {...props} />}
            >
              {t('people.erase')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {kind && <Loaded kind={kind} id={id} close={() => setKind(null)} />}
    </>
  );
}

/** Reads the person as he stands now, so that nobody else's change is undone. */
function Loaded({ kind, id, close }: { kind: Kind; id: string; close(): void }) {
  const { t } = useTranslation();
  const [{ data, error }, again] = useQuery({
    query: PersonDetailsDocument,
    variables: { id },
    requestPolicy: 'network-only',
  });
  if (data?.person) {
    if (kind === 'edit') return <PersonForm person={data.person} close={close} />;
    return <MergeDialog person={data.person} close={close} />;
  }
  return (
    <Dialog opened close={close} title={t(kind === 'edit' ? 'people.edit' : 'people.merge.open')} size={560}>
      {error && <FailureNotice failure={failureOf(error)} retry={() => again()} />}
      {data && !data.person && <p>{t('people.gone')}</p>}
      {!error && !data && <SkeletonRows rows={6} />}
    </Dialog>
  );
}
