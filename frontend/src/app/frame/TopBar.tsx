import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { IconKeyboard, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ConnectionState } from '@/components/ConnectionState';
import { useSession } from '@/lib/session/session';
import frame from './Frame.module.css';
import { LanguageChoice } from './LanguageChoice';
import { OfferNotice } from './OfferNotice';
import { OwnMenu } from './OwnMenu';
import { ThemeChoice } from './ThemeChoice';
import classes from './TopBar.module.css';

interface TopBarProps {
  openPalette(): void;
  openShortcuts(): void;
}

export function TopBar({ openPalette, openShortcuts }: TopBarProps) {
  const { t } = useTranslation();
  const { server } = useSession();
  return (
    <header className={frame.top}>
      <UnstyledButton className={classes.palette} onClick={openPalette} aria-label={t('palette.open')}>
        <IconSearch size={16} aria-hidden="true" />
        <span>{t('palette.hint')}</span>
        <kbd>Ctrl K</kbd>
      </UnstyledButton>
      <div className={classes.space} />
      {server.sample && (
        <Tooltip label={t('frame.sampleExplained')} multiline maw={280}>
          <span className={classes.sample}>{t('frame.sample')}</span>
        </Tooltip>
      )}
      <OfferNotice />
      <ConnectionState />
      <div className={classes.wide}>
        <Tooltip label={t('shortcuts.title')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            onClick={openShortcuts}
            aria-label={t('shortcuts.title')}
          >
            <IconKeyboard size={19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <LanguageChoice />
        <ThemeChoice />
      </div>
      <OwnMenu />
    </header>
  );
}
