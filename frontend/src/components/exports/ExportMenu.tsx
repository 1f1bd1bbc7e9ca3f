import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ExportFormat, StartExportInput } from '@/gql/graphql';
import { useCan } from '@/lib/session/session';
import { newId } from '@/lib/uuid';
import type { Exports } from './useExports';

type Order = Omit<StartExportInput, 'language' | 'idempotencyKey'>;

interface ExportMenuProps {
  exports: Exports;
  formats: readonly ExportFormat[];
  /** What is exported: exactly what the list shows. */
  order: Omit<Order, 'format' | 'proofs'>;
}

/** Has the list made into a file, for whoever may take it out. */
export function ExportMenu({ exports, formats, order }: ExportMenuProps) {
  const { t, i18n } = useTranslation();
  if (!useCan('LOGS_EXPORT')) return null;
  const language = i18n.language.startsWith('lv') ? 'lv' : 'en';
  const item = (name: string, how: Pick<Order, 'format' | 'proofs'>) => (
    <Menu.Item
      key={name}
      leftSection={<IconDownload size={16} aria-hidden="true" />}
      onClick={() => exports.start({ ...order, ...how, language, idempotencyKey: newId() })}
    >
      {name}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={15} aria-hidden="true" />}>
          {t('exports.open')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.flatMap((format) => [
          item(t(`exports.as.${format}`), { format }),
          format === 'NDJSON' && item(t('exports.proved'), { format, proofs: true }),
        ])}
      </Menu.Dropdown>
    </Menu>
  );
}
