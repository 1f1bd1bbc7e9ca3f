import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { files } from '@/lib/paths';
import { useSession } from '@/lib/session/session';
import { ExtendDialog } from './ExtendDialog';
import { HandOverDialog } from './HandOverDialog';
import type { KeyRow } from './keyRow';
import { LossDialog } from './LossDialog';
import { type LoanAction, loanActions } from './loanActions';

const names = {
  extend: 'keys.extend',
  handOver: 'keys.handOver',
  lost: 'keys.reportLost',
  found: 'keys.reportFound',
} as const;

/** The menu of what can be done with a key now, beside issuing it and taking it back. */
export function KeyActions({ keyRow }: { keyRow: KeyRow }) {
  const { t, i18n } = useTranslation();
  const session = useSession();
  const [dialog, setDialog] = useState<LoanAction | null>(null);
  const close = () => setDialog(null);
  const { id, number, loan } = keyRow;
  const actions = loanActions(keyRow, session);
  return (
    <>
      <Menu position="bottom-end" width={220} withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={15} />}>
            {t('keys.actions')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map((action) => (
            <Menu.Item key={action} onClick={() => setDialog(action)}>
              {t(names[action])}
            </Menu.Item>
          ))}
          {loan && (
            <Menu.Item
              component="a"
              href={files.receipt(loan.id, i18n.resolvedLanguage ?? 'en')}
              target="_blank"
              rel="noopener"
            >
              {t('keys.printReceipt')}
            </Menu.Item>
          )}
          <Menu.Item component="a" href={files.labels([id])} target="_blank" rel="noopener">
            {t('keys.printLabel')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'extend' && loan && <ExtendDialog keyRow={keyRow} loan={loan} close={close} />}
      {dialog === 'handOver' && <HandOverDialog keyRow={keyRow} close={close} />}
      {(dialog === 'lost' || dialog === 'found') && (
        <LossDialog what={dialog} id={id} number={number} close={close} />
      )}
    </>
  );
}
