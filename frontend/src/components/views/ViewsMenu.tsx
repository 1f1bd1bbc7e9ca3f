import { Button, Menu } from '@mantine/core';
import { IconBookmark, IconBookmarkPlus, IconChevronDown, IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import type { ViewedList } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import type { paths } from '@/lib/paths';
import { parseSearch, type RawSearch, writeSearch } from '@/lib/search';
import { FailureNotice } from '../feedback/FailureNotice';
import { ManageViews } from './ManageViews';
import { SaveView } from './SaveView';
import { ViewsDocument } from './viewsQuery';

interface ViewsMenuProps {
  list: ViewedList;
  /** The filter as it stands in the address. */
  search: object;
  /** The address of the list under a filter. */
  link(search: RawSearch): ReturnType<typeof paths.timeline> | ReturnType<typeof paths.signIns>;
}

/** The filters of a list that the reader keeps under names: each is an address, which can be sent to others as well. */
export function ViewsMenu({ list, search, link }: ViewsMenuProps) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<'save' | 'manage' | null>(null);
  const [{ data, error }] = useQuery({ query: ViewsDocument, variables: { list } });
  const views = data?.savedViews ?? [];
  const present = writeSearch(search as RawSearch).slice(1);
  const chosen = views.find((view) => view.search === present && present !== '');
  const close = () => setDialog(null);
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconBookmark size={16} />}
            rightSection={<IconChevronDown size={15} />}
          >
            {chosen?.name ?? t('savedViews.open')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {error && <FailureNotice failure={failureOf(error)} />}
          {views.length === 0 && <Menu.Label>{t('savedViews.none')}</Menu.Label>}
          {views.map((view) => (
            <Menu.Item
              key={view.id}
              aria-current={view === chosen || undefined}
              renderRoot={(props) => <Link {...link(parseSearch(view.search))} {...props} />}
            >
              {view.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconBookmarkPlus size={16} />} onClick={() => setDialog('save')}>
            {t('savedViews.saveThis')}
          </Menu.Item>
          {views.length > 0 && (
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setDialog('manage')}>
              {t('savedViews.manage')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'save' && <SaveView list={list} search={present} name={chosen?.name ?? ''} close={close} />}
      {dialog === 'manage' && <ManageViews views={views} close={close} />}
    </>
  );
}
