import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload, IconFileUpload, IconListCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { files, type KeysSearch, paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';

interface FilesMenuProps {
  search: KeysSearch;
  openImport(): void;
}

/** Keys in and out as files, as the list is filtered, and the way to counting them. */
export function FilesMenu({ search, openImport }: FilesMenuProps) {
  const { t } = useTranslation();
  const mayManage = useCan('KEYS_MANAGE');
  const mayExport = useCan('LOGS_EXPORT');
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={15} />}>
          {t('keys.files')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconListCheck size={16} />}
          renderRoot={(props) => <Link {...paths.inventory()} {...props} />}
        >
          {t('keys.inventory')}
        </Menu.Item>
        {mayManage && (
          <Menu.Item leftSection={<IconFileUpload size={16} />} onClick={openImport}>
            {t('keys.import.open')}
          </Menu.Item>
        )}
        {mayExport && (
          <>
            <Menu.Item
              component="a"
              href={files.keys('csv', search)}
              download
              leftSection={<IconDownload size={16} />}
            >
              {t('keys.exportCsv')}
            </Menu.Item>
            <Menu.Item
              component="a"
              href={files.keys('xlsx', search)}
              download
              leftSection={<IconDownload size={16} />}
            >
              {t('keys.exportXlsx')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
